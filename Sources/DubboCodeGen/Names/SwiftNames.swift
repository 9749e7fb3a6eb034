/// How names of a .proto become names in Swift: SwiftProtobuf's rules, so that its users find what they know.
enum SwiftNames {
  private static let initialisms: Set<String> = ["url", "http", "https", "id"]

  /// `trace_id` → `traceID`, `http_url` → `httpURL`, `fooBar` → `fooBar`, `_2d` → `_2D`.
  static func lowerCamel(_ name: String) -> String {
    let words = words(of: name)
    var result = ""
    for (index, word) in words.enumerated() {
      if index == 0 {
        result += word
      } else if initialisms.contains(word) {
        result += word.uppercased()
      } else {
        result += word.prefix(1).uppercased() + word.dropFirst()
      }
    }
    return startingSoundly(result)
  }

  /// A digit cannot come first, and a name of nothing but underscores would be a pattern of Swift's.
  private static func startingSoundly(_ name: String) -> String {
    guard let first = name.first else { return "__" }
    return first.isNumber ? "_" + name : name
  }

  static func upperCamel(_ name: String) -> String {
    let words = words(of: name)
    var result = ""
    for word in words {
      result += initialisms.contains(word) ? word.uppercased() : word.prefix(1).uppercased() + word.dropFirst()
    }
    return startingSoundly(result)
  }

  /// Words in lower case: they end at an underscore, before a capital that follows another letter, and around digits.
  private static func words(of name: String) -> [String] {
    var words: [String] = []
    var word = ""
    var previous: Character = "_"
    for character in name {
      let startsWord =
        (character.isUppercase && !previous.isUppercase) || (character.isNumber && !previous.isNumber)
        || (character.isLetter && previous.isNumber)
      if character == "_" || startsWord {
        if !word.isEmpty { words.append(word) }
        word = ""
      }
      if character != "_" { word += character.lowercased() }
      previous = character
    }
    if !word.isEmpty { words.append(word) }
    return words
  }

  /// `org.apache.dubbo_x.tri` → `Org_Apache_DubboX_Tri_`.
  static func prefix(ofPackage package: String) -> String {
    var result = ""
    for part in package.split(separator: ".") {
      for piece in part.split(separator: "_") { result += piece.prefix(1).uppercased() + piece.dropFirst() }
      result += "_"
    }
    return result
  }

  /// The case's name without the enum's own name before it, if a name remains.
  static func strip(_ enumName: String, from value: String) -> String {
    var prefix = enumName.filter { $0 != "_" }.lowercased()[...]
    var rest = value[...]
    while let next = prefix.first {
      guard let character = rest.first else { return value }
      rest.removeFirst()
      if character == "_" { continue }
      guard character.lowercased() == String(next) else { return value }
      prefix.removeFirst()
    }
    while rest.first == "_" { rest.removeFirst() }
    guard let first = rest.first, first.isLetter else { return value }
    return String(rest)
  }

  /// A field's property. Keywords are quoted where they are used.
  static func field(_ name: String) -> String {
    let name = lowerCamel(name)
    return ReservedNames.fields.contains(name) ? name + "_p" : name
  }

  static func enumCase(_ name: String) -> String {
    let name = lowerCamel(name)
    return ReservedNames.cases.contains(name) ? name + "_" : name
  }

  static func type(_ name: String, suffix: String) -> String {
    let name = name.first?.isNumber ?? true ? "_" + name : name
    if name.allSatisfy({ $0 == "_" }) { return name + suffix }
    return ReservedNames.types.contains(name) || ReservedNames.keywords.contains(name) ? name + suffix : name
  }

  static func escaped(_ name: String) -> String {
    ReservedNames.keywords.contains(name) ? "`\(name)`" : name
  }
}

extension StringProtocol {
  var trimmed: String {
    var rest = self[...]
    while rest.first?.isWhitespace ?? false { rest.removeFirst() }
    while rest.last?.isWhitespace ?? false { rest.removeLast() }
    return String(rest)
  }
}
