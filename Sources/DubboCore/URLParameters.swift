/// The parameters of a `DubboURL`: text by name, in the order in which they were given.
///
/// A name occurs once. Look-ups are linear: a URL has a few dozen parameters, and what is read per call is kept in
/// decoded form by those who call.
public struct URLParameters: Sendable, Hashable {
  /// One parameter, decoded.
  public struct Element: Sendable, Hashable {
    public var name: String
    public var value: String

    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  private var elements: [Element]

  public init() {
    elements = []
  }

  /// Parameters from `pairs`; of two with one name the later one counts and takes the earlier one's place.
  public init(_ pairs: some Sequence<(String, String)>) {
    elements = []
    for (name, value) in pairs { self[name] = value }
  }

  /// The text of the parameter `name`; nil when there is none. Assigning nil removes it, assigning to a new name
  /// appends it.
  public subscript(name: String) -> String? {
    get { elements.first { $0.name == name }?.value }
    set {
      let place = elements.firstIndex { $0.name == name }
      switch (place, newValue) {
      case (let place?, let value?): elements[place].value = value
      case (let place?, nil): elements.remove(at: place)
      case (nil, let value?): elements.append(Element(name: name, value: value))
      case (nil, nil): break
      }
    }
  }

  /// Removes what `condition` names.
  public mutating func removeAll(where condition: (Element) throws -> Bool) rethrows {
    try elements.removeAll(where: condition)
  }

  /// Room for the parser, which meets each name once in all honest input and must stay linear on the rest.
  package init(unique elements: [Element]) {
    self.elements = elements
  }
}

extension URLParameters: RandomAccessCollection {
  public var startIndex: Int { 0 }
  public var endIndex: Int { elements.count }
  public subscript(position: Int) -> Element { elements[position] }
}

extension URLParameters: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral pairs: (String, String)...) {
    self.init(pairs)
  }
}
