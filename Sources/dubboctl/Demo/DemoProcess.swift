import Foundation

/// A provider process that the demo started.
final class DemoProcess {
  let name: String
  let port: Int
  private let process: Process

  /// Starts `dubboctl demo-provider` and returns when it accepts calls.
  init(name: String, registry: String) throws {
    self.name = name
    process = Process()
    process.executableURL = Bundle.main.executableURL ?? URL(fileURLWithPath: CommandLine.arguments[0])
    process.arguments = ["demo-provider", name, registry]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    guard line.hasPrefix("READY "), let port = Int(line.dropFirst(6).prefix { $0.isNumber }) else {
      process.terminate()
      throw DemoFailure("provider \(name) did not start")
    }
    self.port = port
  }

  var pid: Int32 { process.processIdentifier }
  var isRunning: Bool { process.isRunning }

  /// kill -9: the process has no chance to say anything to anybody.
  func kill() {
    Foundation.kill(pid, SIGKILL)
    process.waitUntilExit()
  }

  /// Asks the process to end, as a service supervisor does.
  func terminate() {
    process.terminate()
  }

  /// The exit status, once the process has ended.
  func status() -> Int32 {
    process.waitUntilExit()
    return process.terminationStatus
  }

  deinit {
    if process.isRunning { Foundation.kill(pid, SIGKILL) }
  }
}

/// Something of the demo that was not true.
struct DemoFailure: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}
