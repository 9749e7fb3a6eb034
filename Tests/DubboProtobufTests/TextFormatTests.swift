import DubboProtobuf
import Testing

/// Messages as people read them.
struct TextFormatTests {
  @Test
  func `a message is shown field by field, in the order of numbers`() {
    let tree = Tree.with {
      $0.label = "a \"b\"\n\u{7}世"
      $0.left = .with { $0.label = "l" }
      $0.more = [Tree(), .with { $0.label = "m" }]
    }
    #expect(
      tree.debugDescription == """
        label: "a \\"b\\"\\n\\007世"
        left {
          label: "l"
        }
        more {
        }
        more {
          label: "m"
        }

        """)
    #expect("\(tree)" == tree.debugDescription)
  }

  @Test
  func `groups have their type's name, maps are in the order of their keys, enums have names`() {
    let legacy = Legacy.with {
      $0.level = .low
      $0.levels = [.high, .low]
      $0.part = .with { $0.size = -1 }
      $0.byName = ["b": .good, "a": .none_]
      $0.blob = [0, 0x41, 0xff]
      $0.huge = -.infinity
    }
    #expect(
      legacy.debugDescription == """
        level: LOW
        levels: HIGH
        levels: LOW
        Part {
          size: -1
        }
        by_name {
          key: "a"
          value: NONE
        }
        by_name {
          key: "b"
          value: GOOD
        }
        blob: "\\000A\\377"
        huge: -inf

        """)
  }

  @Test
  func `fields that nobody knows are shown by their numbers`() throws {
    // 100: varint 5, 101: fixed32, 102: fixed64, 103: bytes, 104: a group with field 1.
    let bytes: [UInt8] =
      [0xa0, 6, 5, 0xad, 6, 1, 0, 0, 0, 0xb1, 6, 2, 0, 0, 0, 0, 0, 0, 0, 0xba, 6, 2, 65, 200]
      + [0xc3, 6, 8, 7, 0xc4, 6]
    let point = try Point(serializedBytes: bytes)
    #expect(
      point.debugDescription == """
        100: 5
        101: 0x00000001
        102: 0x0000000000000002
        103: "A\\310"
        104 {
          1: 7
        }

        """)
  }

  @Test
  func `every message leads to the definitions of its file and of what that imports`() throws {
    let file = Holder.protoFile
    #expect(file.definitions.message(named: "dubbo.test.Holder")?.field(named: "otherName") == nil)
    #expect(file.definitions.message(named: "dubbo.test.Holder")?.field(named: "other-Name")?.number == 13)
    #expect(file.definitions.message(named: "google.protobuf.Timestamp") != nil)
    #expect(file.definitions === file.definitions, "parsed once")
    #expect(file.withImports.last === file && file.withImports.count == file.imports.count + 1)
    let proto = try Google_Protobuf_FileDescriptorProto(serializedBytes: file.serializedDescriptor)
    #expect(proto.name == "test/wellknown.proto" && proto.dependency.count == 6)
    #expect(Google_Protobuf_FileDescriptorProto.protoFile.definitions.message(named: proto.typeName) != nil)
  }

  @Test
  func `a message deeper than the limit says why it cannot be shown`() {
    var tree = Tree()
    for _ in 0..<150 {
      let inner = tree
      tree = .with { $0.left = inner }
    }
    #expect(tree.debugDescription.contains("dubbo.test.Tree cannot be shown"))
  }
}

extension Google_Protobuf_FileDescriptorProto {
  fileprivate var typeName: String { Self.protoMessageName }
}
