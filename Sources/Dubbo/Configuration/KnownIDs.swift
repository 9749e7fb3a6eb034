internal import DubboYAML

/// The ids under which the file has protocols and registries, so that a slip in a service is found where it stands.
struct KnownIDs {
  var protocols: [ProtocolConfiguration]
  /// All ids in the file, those of registries with a mistake too.
  var registries: [String]

  /// The ids that `reader` names; nil when it names none. A service may also name a protocol by what is spoken.
  func protocolIDs(_ reader: YAMLReader?) -> [String]? {
    ids(reader) { item, text in
      if protocols.contains(where: { $0.id == text }) { return [text] }
      let spoken = protocols.filter { $0.name == ProtocolConfiguration.spokenName(text) }.map(\.id)
      if !spoken.isEmpty { return spoken }
      if protocols.isEmpty, ProtocolConfiguration.spokenName(text) == "tri" { return [] }
      complain(item, text, what: "protocol", known: protocols.map(\.id))
      return protocols.isEmpty ? [text] : []
    }
  }

  func registryIDs(_ reader: YAMLReader?) -> [String]? {
    ids(reader) { item, text in
      if registries.contains(text) { return [text] }
      complain(item, text, what: "registry", known: registries)
      return registries.isEmpty ? [text] : []
    }
  }

  private func ids(_ reader: YAMLReader?, _ find: (YAMLReader, String) -> [String]) -> [String]? {
    guard let reader, !reader.isNull else { return nil }
    return reader.list(separatedByCommas: true).flatMap { item -> [String] in
      guard let text = item.string(), !text.isEmpty else { return [] }
      return find(item, text)
    }
  }

  private func complain(_ item: YAMLReader, _ text: String, what: String, known: [String]) {
    guard !known.isEmpty else {
      item.warning("the file has no \(what) \(quotedText(text)); the program must bring it")
      return
    }
    var message = "there is no \(what) \(quotedText(text))"
    if let nearest = YAMLName.nearest(to: text, among: known) {
      message += "; did you mean \(quotedText(nearest))?"
    } else {
      message += "; the file has \(known.prefix(12).map(quotedText).joined(separator: ", "))"
    }
    item.error(message)
  }
}
