import DubboProtobuf
import Testing

struct HeapFieldsTests {
  @Test
  func `copies of a message on the heap are independent`() throws {
    var first = Tree.with {
      $0.label = "a"; $0.left.label = "b"
    }
    let second = first
    #expect(first == second && first.hashValue == second.hashValue)
    first.left.label = "c"
    first.more.append(Tree())
    #expect(second.left.label == "b" && second.more.isEmpty)
    #expect(first.left.label == "c" && first != second)
  }

  @Test
  func `an empty message equals one whose fields were set back to their defaults`() throws {
    var message = Tree()
    #expect(message == Tree() && !message.hasLeft)
    message.label = "x"
    message.label = ""
    #expect(message == Tree() && message.hashValue == Tree().hashValue)
    #expect(try message.serializedBytes() == [])
  }

  @Test
  func `names that generated code uses itself do not get in its way`() throws {
    let message = Clashes.with {
      $0.tag = 1
      $0.reader = 2
      $0.writer = 3
      $0.value = "v"
      $0.self_p = "s"
      $0.init_p = "i"
      $0.class = "c"
      $0.description_p = "d"
      $0.current.x = 4
      $0.hasCurrent_10 = true
      $0.copy = [1]
      $0.hash = "h"
      $0.number = "n"
      $0.box = "b"
      $0.fields = "f"
      $0.hasher = "g"
      $0.other = "o"
      $0.in.x = 1
    }
    #expect(try Clashes(serializedBytes: try message.serializedBytes()) == message)
  }
}
