/// A problem of the .proto or of the options, told to the user through protoc.
public struct GeneratorError: Error, Sendable, CustomStringConvertible {
  public var description: String

  public init(_ description: String) { self.description = description }
}
