// swift-tools-version: 6.2
// dubbo-swift fetches no Swift package. It stands on C libraries that operating systems keep secure:
//   libuv    sockets, timers, signals and name look-ups on every platform Node.js runs on
//   nghttp2  the HTTP/2 framing, HPACK and flow control of curl and Node.js, fuzzed for ten years
//   OpenSSL  TLS, with the protocol versions and the trusted certificates that the system keeps current
//   zlib     gzip and deflate for messages, from the system's own copy, which every peer's is compatible with
//   libyaml  the YAML scanner and parser of most languages, for configuration files and rules
// `dev/setup` installs what is missing.

import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let package = Package(
  name: "dubbo-swift",
  platforms: [.macOS(.v26)],
  products: [
    .library(name: "Dubbo", targets: ["Dubbo"]),
    .library(name: "DubboCore", targets: ["DubboCore"]),
    .library(name: "DubboTriple", targets: ["DubboTriple"]),
    .library(name: "DubboRegistry", targets: ["DubboRegistry"]),
    .library(name: "DubboTesting", targets: ["DubboTesting"]),
    .executable(name: "dubboctl", targets: ["dubboctl"]),
    .library(name: "DubboProtobuf", targets: ["DubboProtobuf"]),
    .library(name: "DubboFoundation", targets: ["DubboFoundation"]),
    .executable(name: "protoc-gen-dubbo-swift", targets: ["protoc-gen-dubbo-swift"]),
    .plugin(name: "DubboSwiftPlugin", targets: ["DubboSwiftPlugin"]),
    .library(name: "DubboCluster", targets: ["DubboCluster"]),
  ],
  targets: [
    // Floor 0: the ground.
    .systemLibrary(
      name: "CLibuv", pkgConfig: "libuv", providers: [.apt(["libuv1-dev"]), .brew(["libuv"])]),
    .systemLibrary(
      name: "CNghttp2", pkgConfig: "libnghttp2", providers: [.apt(["libnghttp2-dev"]), .brew(["libnghttp2"])]),
    .systemLibrary(
      name: "CLibyaml", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"]), .brew(["libyaml"])]),
    .systemLibrary(
      name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .target(name: "DubboCore", swiftSettings: settings),
    .testTarget(name: "DubboCoreTests", dependencies: ["DubboCore"], swiftSettings: settings),
    // Floor 1: the engines, bytes in and events out.
    .target(name: "DubboHTTP", dependencies: ["DubboCore", "CNghttp2"], swiftSettings: settings),
    .executableTarget(
      name: "dubbo-http-benchmark", dependencies: ["DubboHTTP", "DubboCore"], path: "Tests/DubboHTTPBenchmark",
      swiftSettings: settings),
    .testTarget(
      name: "DubboHTTPTests", dependencies: ["DubboHTTP", "DubboCore", "TestDoubles"], swiftSettings: settings),
    .target(name: "DubboCrypto", dependencies: ["DubboCore", "COpenSSL"], swiftSettings: settings),
    .testTarget(
      name: "DubboCryptoTests", dependencies: ["DubboCrypto", "DubboCore", "TestDoubles"], swiftSettings: settings),
    .target(name: "DubboYAML", dependencies: ["DubboCore", "CLibyaml"], swiftSettings: settings),
    .testTarget(name: "DubboYAMLTests", dependencies: ["DubboYAML"], swiftSettings: settings),
    .target(name: "DubboProtobuf", swiftSettings: settings),
    .testTarget(name: "DubboProtobufTests", dependencies: ["DubboProtobuf"], swiftSettings: settings),
    // Floor 2: protobuf's times as Foundation's, for who imports it. Nothing else of ours has Foundation in its interface.
    .target(name: "DubboFoundation", dependencies: ["DubboProtobuf"], swiftSettings: settings),
    .testTarget(
      name: "DubboFoundationTests", dependencies: ["DubboFoundation", "DubboProtobuf"], swiftSettings: settings),
    .target(name: "TestDoubles", dependencies: ["DubboCore", "DubboCrypto", "DubboIO"], swiftSettings: settings),
    // Floor 2: the loops and everything with I/O.
    .target(name: "DubboIO", dependencies: ["DubboCore", "DubboCrypto", "CLibuv"], swiftSettings: settings),
    .testTarget(
      name: "DubboIOTests", dependencies: ["DubboIO", "DubboCore", "DubboCrypto", "TestDoubles"],
      swiftSettings: settings),
    // Floor 3: protocols and registries.
    .target(
      name: "DubboTriple", dependencies: ["DubboCore", "DubboCrypto", "DubboHTTP", "DubboIO", "CZlib"],
      swiftSettings: settings),
    .testTarget(
      name: "DubboTripleTests",
      dependencies: ["DubboTriple", "DubboCore", "DubboCrypto", "DubboHTTP", "DubboIO", "TestDoubles"],
      swiftSettings: settings),
    .target(name: "DubboRegistry", dependencies: ["DubboCore", "DubboCluster"], swiftSettings: settings),
    .testTarget(
      name: "DubboRegistryTests", dependencies: ["DubboRegistry", "DubboCluster", "DubboCore", "TestDoubles"],
      swiftSettings: settings),
    // Floor 5: the application.
    .target(
      name: "Dubbo",
      dependencies: [
        "DubboCore", "DubboCrypto", "DubboYAML", "DubboProtobuf", "DubboIO", "DubboCluster", "DubboTriple",
        "DubboRegistry",
      ], swiftSettings: settings),
    // What the generator makes of Protos/, for tests.
    .target(
      name: "GeneratedSamples", dependencies: ["Dubbo"], path: "Tests/GeneratedSamples", swiftSettings: settings),
    .testTarget(
      name: "DubboTests", dependencies: ["Dubbo", "DubboCore", "GeneratedSamples", "TestDoubles"],
      swiftSettings: settings),
    // Floor 6: for users' tests, and the command line.
    .target(name: "DubboTesting", dependencies: ["Dubbo"], swiftSettings: settings),
    .testTarget(
      name: "DubboTestingTests",
      dependencies: ["DubboTesting", "Dubbo", "DubboCluster", "DubboRegistry", "TestDoubles"],
      swiftSettings: settings),
    .executableTarget(name: "dubboctl", dependencies: ["Dubbo", "DubboProtobuf"], swiftSettings: settings),
    .testTarget(name: "dubboctlTests", dependencies: ["dubboctl"], swiftSettings: settings),

    // Floor 6: the code generator.
    .target(name: "DubboCodeGen", dependencies: ["DubboProtobuf"], swiftSettings: settings),
    .executableTarget(name: "protoc-gen-dubbo-swift", dependencies: ["DubboCodeGen"], swiftSettings: settings),
    .plugin(name: "DubboSwiftPlugin", capability: .buildTool(), dependencies: ["protoc-gen-dubbo-swift"]),
    .testTarget(
      name: "DubboCodeGenTests", dependencies: ["DubboCodeGen", "DubboProtobuf"], swiftSettings: settings),
    // Floor 2: the cluster, pure logic.
    .target(name: "DubboCluster", dependencies: ["DubboCore", "DubboYAML"], swiftSettings: settings),
    .executableTarget(
      name: "dubbo-cluster-benchmark", dependencies: ["DubboCluster", "DubboCore"], path: "Tests/DubboClusterBenchmark",
      swiftSettings: settings),
    .testTarget(
      name: "DubboClusterTests", dependencies: ["DubboCluster", "DubboCore", "DubboYAML"],
      swiftSettings: settings),
    // The cluster, the registries' directory and the protocol together, in a world that a seed decides.
    .target(
      name: "DubboSimulation",
      dependencies: ["DubboCore", "DubboIO", "DubboCluster", "DubboTriple", "DubboRegistry", "TestDoubles"],
      path: "Tests/DubboSimulation", swiftSettings: settings),
    .executableTarget(
      name: "dubbo-simulation", dependencies: ["DubboSimulation"], path: "Tests/DubboSimulationProgram",
      swiftSettings: settings),
    .testTarget(
      name: "DubboSimulationTests",
      dependencies: ["DubboSimulation", "DubboCluster", "DubboCore", "DubboIO", "DubboTriple", "TestDoubles"],
      swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
