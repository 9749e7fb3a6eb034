// `import Dubbo` is all that user code and generated code say, also where it brings a registry, a router or a load balance
// of its own.

@_exported public import DubboCluster
@_exported public import DubboCore
@_exported public import DubboProtobuf
@_exported public import DubboRegistry
