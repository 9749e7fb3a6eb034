internal import CLibyaml

/// Owns one `yaml_parser_t` and the bytes it reads; the only file that touches libyaml.
///
/// The parser, the event it fills and the input live at fixed heap addresses from `init` until `close()`, because the
/// parser keeps pointers into itself and into the input. There are no callbacks: events are pulled. The type is not
/// copyable, so exactly one value owns the memory and its `deinit` ends it.
struct YAMLEventParser: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let event: UnsafeMutablePointer<yaml_event_t>
  private let input: UnsafeMutablePointer<UInt8>
  private let source: YAMLSource

  /// `source.bytes` must be UTF-8 without a byte order mark; libyaml checks that it is.
  init(_ source: YAMLSource) throws(YAMLFault) {
    let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    guard yaml_parser_initialize(parser) == 1 else {
      parser.deallocate()
      throw YAMLFault(message: Self.outOfMemory, position: .start)
    }
    self.parser = parser
    self.event = .allocate(capacity: 1)
    // Never empty: libyaml asserts that the pointer is not NULL.
    self.input = .allocate(capacity: max(source.bytes.count, 1))
    self.source = source
    input.initialize(repeating: 0, count: max(source.bytes.count, 1))
    input.update(from: source.bytes, count: source.bytes.count)
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, input, source.bytes.count)
  }

  deinit { close() }

  private func close() {
    yaml_parser_delete(parser)
    parser.deallocate()
    event.deallocate()
    input.deallocate()
  }

  /// The next event; `streamEnd` again and again once the text is over.
  mutating func next() throws(YAMLFault) -> YAMLEvent {
    while true {
      guard yaml_parser_parse(parser, event) == 1 else { throw fault() }
      // The event's strings are libyaml's until here, whatever it was.
      defer { yaml_event_delete(event) }
      if event.pointee.type == YAML_STREAM_START_EVENT { continue }
      return YAMLEvent(kind: kind(of: event.pointee), position: Self.position(event.pointee.start_mark))
    }
  }

  private func kind(of event: yaml_event_t) -> YAMLEvent.Kind {
    switch event.type {
    case YAML_DOCUMENT_START_EVENT: return .documentStart
    case YAML_DOCUMENT_END_EVENT: return .documentEnd
    case YAML_ALIAS_EVENT: return .alias(Self.text(event.data.alias.anchor) ?? "")
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
      let style: YAMLScalar.Style =
        switch scalar.style {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
        case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
        case YAML_LITERAL_SCALAR_STYLE: .literal
        case YAML_FOLDED_SCALAR_STYLE: .folded
        default: .plain
        }
      let text = String(decoding: bytes, as: UTF8.self)
      return .scalar(
        YAMLScalar(text, style: style, tag: Self.text(scalar.tag)), anchor: Self.text(scalar.anchor))
    case YAML_SEQUENCE_START_EVENT:
      let start = event.data.sequence_start
      return .sequenceStart(tag: Self.text(start.tag), anchor: Self.text(start.anchor))
    case YAML_SEQUENCE_END_EVENT: return .sequenceEnd
    case YAML_MAPPING_START_EVENT:
      let start = event.data.mapping_start
      return .mappingStart(tag: Self.text(start.tag), anchor: Self.text(start.anchor))
    case YAML_MAPPING_END_EVENT: return .mappingEnd
    default: return .streamEnd
    }
  }

  private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    pointer.map { String(cString: $0) }
  }

  private static func position(_ mark: yaml_mark_t) -> YAMLPosition {
    YAMLPosition(line: Int(clamping: mark.line) + 1, column: Int(clamping: mark.column) + 1)
  }

  // MARK: Faults

  private static let outOfMemory = "there is no memory to read this with"

  private func fault() -> YAMLFault {
    let problem = parser.pointee.problem.map { String(cString: $0) } ?? "the text cannot be read"
    switch parser.pointee.error {
    case YAML_MEMORY_ERROR:
      return YAMLFault(message: Self.outOfMemory, position: .start)
    case YAML_READER_ERROR:
      let position = source.position(ofByte: Int(clamping: parser.pointee.problem_offset))
      return YAMLFault(
        message: YAMLProblem.reader(problem, value: Int(parser.pointee.problem_value)), position: position)
    default:
      let position = Self.position(parser.pointee.problem_mark)
      var message = YAMLProblem.sentence(for: problem, at: position, in: source)
      if let context = parser.pointee.context {
        let begun = Self.position(parser.pointee.context_mark)
        message += ", \(String(cString: context))"
        if begun.line != position.line { message += " that begins at line \(begun.line)" }
      }
      return YAMLFault(message: message, position: position)
    }
  }
}
