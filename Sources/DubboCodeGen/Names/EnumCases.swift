internal import DubboProtobuf

enum EnumCases {
  /// The cases with their names in Swift: short where the enum's name comes first, long where short ones would clash.
  static func named(_ descriptor: Google_Protobuf_EnumDescriptorProto) -> [EnumModel.Case] {
    let short = descriptor.value.map { SwiftNames.enumCase(SwiftNames.strip(descriptor.name, from: $0.name)) }
    let long = descriptor.value.map { SwiftNames.enumCase($0.name) }
    var counts: [String: Int] = [:]
    for name in short { counts[name, default: 0] += 1 }
    var firstOfNumber: [Int32: Int] = [:]
    var taken: Set<String> = []
    var cases: [EnumModel.Case] = []
    for (index, value) in descriptor.value.enumerated() {
      var name = counts[short[index]] == 1 ? short[index] : long[index]
      if taken.contains(name) { name += "_\(index)" }
      taken.insert(name)
      cases.append(
        EnumModel.Case(
          protoName: value.name, number: value.number, swiftName: name, aliasOf: firstOfNumber[value.number],
          isDeprecated: value.options.deprecated))
      if firstOfNumber[value.number] == nil { firstOfNumber[value.number] = index }
    }
    return cases
  }
}
