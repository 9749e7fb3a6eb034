/// One string with the paths in lowerCamelCase, joined with commas.
extension Google_Protobuf_FieldMask: JSONValueMessage {
  public init(paths: [String]) {
    self.init()
    self.paths = paths
  }

  public func writeJSON(to json: inout JSONWriter) throws(JSONEncodingError) {
    var names: [String] = []
    for path in paths {
      guard let name = Self.camel(path) else { throw noJSON("the path '\(path)' would not come back the same") }
      names.append(name)
    }
    json.string(names.joined(separator: ","))
  }

  public mutating func mergeJSON(from json: inout JSONReader) throws(JSONFault) {
    json.skipSpace()
    let place = json.cursor
    let text = try json.string()
    paths = []
    guard !text.isEmpty else { return }
    for name in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let path = Self.snake(name) else { throw json.fault("expected paths in lowerCamelCase", at: place) }
      paths.append(path)
    }
  }

  /// nil where the way back would give another path.
  private static func camel(_ path: String) -> String? {
    var result = ""
    var isAfterUnderscore = false
    for character in path {
      if character == "_" {
        guard !isAfterUnderscore else { return nil }
        isAfterUnderscore = true
      } else if isAfterUnderscore {
        guard character.isASCII, character.isLowercase else { return nil }
        result += character.uppercased()
        isAfterUnderscore = false
      } else {
        guard !character.isUppercase else { return nil }
        result.append(character)
      }
    }
    return isAfterUnderscore ? nil : result
  }

  private static func snake(_ name: Substring) -> String? {
    guard !name.isEmpty else { return nil }
    var result = ""
    for character in name {
      guard character.isASCII, character.isLetter || character.isNumber || character == "." else { return nil }
      result += character.isUppercase ? "_" + character.lowercased() : String(character)
    }
    return result
  }
}
