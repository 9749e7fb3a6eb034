// swift-tools-version: 6.2
// The runtime's speed as a user's module in another package sees it.
import PackageDescription

let package = Package(
  name: "protobuf-benchmark",
  platforms: [.macOS(.v26)],
  dependencies: [.package(name: "dubbo-swift", path: "../..")],
  targets: [
    .executableTarget(
      name: "protobuf-benchmark", dependencies: [.product(name: "DubboProtobuf", package: "dubbo-swift")])
  ]
)
