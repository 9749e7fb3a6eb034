internal import DubboCore
internal import DubboYAML

/// Reads the address of a registry, a config center or a metadata report, whose sections are alike: `address`, with
/// the scheme in it or beside it in `protocol`, and a login and parameters beside that.
struct AddressFields {
  private let fields: YAMLFields

  init(_ fields: YAMLFields) {
    self.fields = fields
  }

  /// The URL, or nil when the section says that there is none (`N/A`) or is wrong, which is reported.
  func url() -> DubboURL? {
    let kind = fields.string("protocol")
    let port = fields.integer("port", in: 1...65_535)
    let login = (fields.string("username", "user"), fields.string("password"))
    guard let address = fields["address", "addr"], !address.isNull else {
      fields.require("address")
      return nil
    }
    if address.string()?.uppercased() == "N/A" { return nil }
    let example = "an address such as nacos://127.0.0.1:8848"
    let parsed = address.converted(expecting: example) { text throws -> DubboURL in
      if text.contains("://") { return try DubboURL(text) }
      guard let kind, !kind.isEmpty else { throw MissingScheme() }
      return try DubboURL("\(kind)://\(text)")
    }
    guard var url = parsed else { return nil }
    if let kind, !kind.isEmpty, kind != url.scheme {
      address.warning(
        "the address says \(quotedText(url.scheme)) and 'protocol' says \(quotedText(kind)); the address counts")
    }
    if url.port == nil, let port { url.port = UInt16(exactly: port) }
    if let user = login.0, !user.isEmpty { url.user = user }
    if let password = login.1, !password.isEmpty { url.password = password }
    return url
  }

  /// Copies the parameters of `params` and of the named keys to the URL.
  func parameters(_ rows: [ParameterRow], into url: inout DubboURL) {
    for row in rows { row.read(fields, into: &url.parameters) }
    ParameterRow.readFreely(fields, into: &url.parameters)
  }

  private struct MissingScheme: Error, CustomStringConvertible {
    var description: String { "say which kind it is, in the address or with the key 'protocol'" }
  }
}
