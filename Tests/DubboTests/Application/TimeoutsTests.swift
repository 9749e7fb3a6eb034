import DubboCore
import Testing

@testable import Dubbo

@Suite struct TimeoutsTests {
  @Test func `a call with streams has no timeout unless its method has one`() throws {
    let url = try DubboURL("consumer://127.0.0.1/test.Echo?timeout=500&watch.timeout=2000&quick.timeout=50")
    let timeouts = Timeouts(url)
    func timeout(_ name: String, _ kind: MethodDescriptor.Kind) -> Duration? {
      timeouts.of(MethodDescriptor(service: "test.Echo", name: name, kind: kind))
    }
    #expect(timeout("echo", .unary) == .milliseconds(500))
    #expect(timeout("quick", .unary) == .milliseconds(50))
    #expect(timeout("talk", .bidirectional) == nil)
    #expect(timeout("upload", .clientStream) == nil)
    #expect(timeout("watch", .serverStream) == .seconds(2))
  }

  @Test func `a timeout of nothing is none that was said`() throws {
    let timeouts = Timeouts(try DubboURL("consumer://127.0.0.1/test.Echo?timeout=0&watch.timeout=0"))
    #expect(timeouts.of(MethodDescriptor(service: "test.Echo", name: "echo", kind: .unary)) == .seconds(3))
    #expect(timeouts.of(MethodDescriptor(service: "test.Echo", name: "watch", kind: .serverStream)) == nil)
  }
}
