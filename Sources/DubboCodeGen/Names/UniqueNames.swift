/// Two fields of one message never get one name: the later one gets its number appended.
enum UniqueNames {
  static func settle(_ message: MessageModel) {
    var taken = Set(message.oneofs.map(\.property))
    for field in message.fields {
      let names =
        field.hasPresence ? [field.swiftName, "has" + field.suffix, "clear" + field.suffix] : [field.swiftName]
      if names.contains(where: taken.contains) { field.swiftName += "_\(field.number)" }
      taken.insert(field.swiftName)
      if field.hasPresence { taken.formUnion(["has" + field.suffix, "clear" + field.suffix]) }
    }
  }
}
