import DubboCore
import DubboIO
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite struct WatchTests {
  @Test func `a folder's changes are told, also those that came before the wait`() async throws {
    try await withTemporaryFolder { folder in
      try await withLoops(1) { group in
        let watch = FolderWatch(of: folder, on: group.next(), beat: .seconds(3600))
        #expect(await watch.changed())
        for index in 0..<3 {
          close(open("\(folder)/\(index)", O_CREAT | O_WRONLY, 0o600))
          #expect(await watch.changed())
        }
        rename("\(folder)/0", "\(folder)/1")
        #expect(await watch.changed())
        watch.close()
        watch.close()
        #expect(await !watch.changed())
      }
    }
  }

  @Test func `a folder that does not exist is looked at at each beat, and seen when it comes`() async throws {
    try await withTemporaryFolder { folder in
      let group = try LoopGroup(count: 1, log: .silent)
      let watch = FolderWatch(of: folder + "/later", on: group.next(), beat: .milliseconds(10))
      for _ in 0..<3 { #expect(await watch.changed()) }
      mkdir(folder + "/later", 0o700)
      for _ in 0..<3 { #expect(await watch.changed()) }
      await group.shutdown()
      #expect(await !watch.changed())
    }
  }

  @Test func `a cancelled wait returns, and the watch goes on`() async throws {
    try await withTemporaryFolder { folder in
      try await withLoops(1) { group in
        let watch = FolderWatch(of: folder, on: group.next(), beat: .seconds(3600))
        #expect(await watch.changed())
        let task = Task { await watch.changed() }
        task.cancel()
        #expect(await !task.value)
        close(open("\(folder)/a", O_CREAT | O_WRONLY, 0o600))
        #expect(await watch.changed())
      }
    }
  }

  private func withTemporaryFolder(_ body: (String) async throws -> Void) async throws {
    let folder = temporarySocketPath() + ".d"
    mkdir(folder, 0o700)
    defer {
      for name in ["0", "1", "2", "a"] { unlink("\(folder)/\(name)") }
      rmdir(folder + "/later")
      rmdir(folder)
    }
    try await body(folder)
  }
}
