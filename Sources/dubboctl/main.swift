import Foundation

/// The command line of dubbo-swift.
let usage = """
  usage: dubboctl COMMAND

    demo    two providers and a consumer find each other, call, and survive what happens to them
    help    this text

  """

var arguments = CommandLine.arguments.dropFirst()
switch arguments.popFirst() {
case "demo":
  exit(await Demo.run() ? 0 : 1)
case "demo-provider":
  exit(await DemoProvider.run(arguments) ? 0 : 1)
case "help", "--help", "-h":
  print(usage, terminator: "")
case let command:
  FileHandle.standardError.write(Data((command.map { "dubboctl: no command \"\($0)\"\n" } ?? "").utf8))
  FileHandle.standardError.write(Data(usage.utf8))
  exit(2)
}
