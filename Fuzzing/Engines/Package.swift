// swift-tools-version: 6.2
// Fuzz targets for the engines, which no product exports. Their sources are linked in, so that the targets are of the
// same package as they and see their `package` declarations; `dev/fuzz` builds and runs them.

import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let package = Package(
  name: "dubbo-swift-engine-fuzzing",
  platforms: [.macOS(.v26)],
  targets: [
    .systemLibrary(
      name: "CNghttp2", pkgConfig: "libnghttp2", providers: [.apt(["libnghttp2-dev"]), .brew(["libnghttp2"])]),
    .target(name: "DubboCore", swiftSettings: settings),
    .target(name: "DubboHTTP", dependencies: ["DubboCore", "CNghttp2"], swiftSettings: settings),
    .target(name: "DubboProtobuf", swiftSettings: settings),
    .systemLibrary(
      name: "CLibyaml", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"]), .brew(["libyaml"])]),
    .target(name: "DubboYAML", dependencies: ["DubboCore", "CLibyaml"], swiftSettings: settings),
    .target(name: "DubboCluster", dependencies: ["DubboCore", "DubboYAML"], swiftSettings: settings),
    .target(name: "DubboCodeGen", dependencies: ["DubboProtobuf"], swiftSettings: settings),
    .target(name: "FuzzSupport", swiftSettings: settings),
    .executableTarget(
      name: "fuzz-http2", dependencies: ["DubboHTTP", "DubboCore", "FuzzSupport"], swiftSettings: settings),
    // Parsers that are internal to their modules are linked in as files.
    .executableTarget(
      name: "fuzz-framing", dependencies: ["DubboHTTP", "DubboCore", "FuzzSupport"], swiftSettings: settings),
    .executableTarget(
      name: "fuzz-metadata", dependencies: ["DubboHTTP", "DubboCore", "FuzzSupport"], swiftSettings: settings),
    .executableTarget(name: "fuzz-url", dependencies: ["DubboCore", "FuzzSupport"], swiftSettings: settings),
    .executableTarget(name: "fuzz-lease", dependencies: ["DubboCore", "FuzzSupport"], swiftSettings: settings),
    .executableTarget(
      name: "fuzz-rules", dependencies: ["DubboCluster", "DubboCore", "DubboYAML", "FuzzSupport"],
      swiftSettings: settings),
    .executableTarget(
      name: "fuzz-provider-list", dependencies: ["DubboCluster", "DubboCore", "FuzzSupport"], swiftSettings: settings),
    // The messages are those of the runtime's tests, linked in.
    .executableTarget(
      name: "fuzz-messages-binary", dependencies: ["DubboProtobuf", "FuzzSupport"], swiftSettings: settings),
    .executableTarget(
      name: "fuzz-messages-json", dependencies: ["DubboProtobuf", "FuzzSupport"], swiftSettings: settings),
    .executableTarget(
      name: "fuzz-descriptors", dependencies: ["DubboProtobuf", "FuzzSupport"], swiftSettings: settings),
    .executableTarget(
      name: "fuzz-generator", dependencies: ["DubboCodeGen", "DubboProtobuf", "FuzzSupport"], swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
