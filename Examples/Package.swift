// swift-tools-version: 6.2
// Programs that stand outside of the package and use nothing but `import Dubbo`. Built by
//   swift build --package-path Examples --scratch-path .build/beside -c release
// and run by `dev/examples`.

import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

func program(_ name: String) -> Target {
  .executableTarget(
    name: name, dependencies: ["SampleServices", .product(name: "Dubbo", package: "dubbo-swift")],
    swiftSettings: settings)
}

let package = Package(
  name: "dubbo-swift-examples",
  platforms: [.macOS(.v26)],
  dependencies: [.package(name: "dubbo-swift", path: "..")],
  targets: [
    // What the programs share: messages and stubs (generated), the providers, the command line.
    .target(
      name: "SampleServices",
      dependencies: [
        .product(name: "Dubbo", package: "dubbo-swift"), .product(name: "DubboProtobuf", package: "dubbo-swift"),
      ], swiftSettings: settings),
    program("greeter-server"),
    program("greeter-client"),
    // Generated while it is built.
    .executableTarget(
      name: "orders",
      dependencies: [
        .product(name: "Dubbo", package: "dubbo-swift"), .product(name: "DubboProtobuf", package: "dubbo-swift"),
      ], swiftSettings: settings, plugins: [.plugin(name: "DubboSwiftPlugin", package: "dubbo-swift")]),
    program("echo-server"),
    program("echo-client"),
    program("configured-greeter"),
    program("calculator-server"),
    program("calculator-client"),
    program("own-registry"),
    program("own-router"),
    program("own-filter"),
    program("own-loadbalance"),
    program("interop-server"),
    program("interop-client"),
  ],
  swiftLanguageModes: [.v6]
)
