import Foundation

/// The command line of dubbo-swift.
let usage = """
  usage: dubboctl COMMAND

    call      calls a method with JSON in and out; `dubboctl call` alone says more
    config    `config check FILE` says what is wrong, doubtful and said in a configuration file
    describe  shows the services and messages of .proto files or of a descriptor set
    demo      two providers and a consumer find each other, call, and survive what happens to them
    route     `route explain SERVICE/METHOD …` says where a call would go, and why
    help      this text

  """

var arguments = CommandLine.arguments.dropFirst()
switch arguments.popFirst() {
case "call":
  exit(await CallCommand.run(arguments))
case "describe":
  exit(DescribeCommand.run(arguments))
case "demo":
  exit(await Demo.run() ? 0 : 1)
case "demo-provider":
  exit(await DemoProvider.run(arguments) ? 0 : 1)
case "config":
  guard arguments.popFirst() == "check", arguments.count <= 1, arguments.first?.hasPrefix("-") != true else {
    FileHandle.standardError.write(Data(ConfigurationReport.usage.utf8))
    exit(2)
  }
  let report = ConfigurationReport(path: arguments.first)
  print(report.text, terminator: "")
  exit(report.isSound ? 0 : 1)
case "route":
  exit(await RouteCommand.run(arguments))
case "help", "--help", "-h":
  print(usage, terminator: "")
case let command:
  FileHandle.standardError.write(Data((command.map { "dubboctl: no command \"\($0)\"\n" } ?? "").utf8))
  FileHandle.standardError.write(Data(usage.utf8))
  exit(2)
}
