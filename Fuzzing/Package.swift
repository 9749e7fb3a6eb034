// swift-tools-version: 6.2
// Fuzz targets, each an executable for libFuzzer; `dev/fuzz` builds and runs them.
//
// A package of its own: it sees what a user sees, and its whole build, the framework's too, is made for fuzzing.

import PackageDescription

let package = Package(
  name: "dubbo-swift-fuzzing",
  platforms: [.macOS(.v26)],
  dependencies: [.package(name: "dubbo-swift", path: "..")],
  targets: [
    .executableTarget(
      name: "fuzz-configuration", dependencies: [.product(name: "Dubbo", package: "dubbo-swift")])
  ],
  swiftLanguageModes: [.v6]
)
