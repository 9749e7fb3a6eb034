// swift-tools-version: 6.2
// The program that Google's conformance runner judges, as a package of its own: it sees what a user's code sees.
import PackageDescription

let package = Package(
  name: "testee",
  platforms: [.macOS(.v26)],
  dependencies: [.package(name: "dubbo-swift", path: "../../..")],
  targets: [
    .executableTarget(
      name: "testee", dependencies: [.product(name: "DubboProtobuf", package: "dubbo-swift")])
  ]
)
