// `import Dubbo` is all that user code and generated code say.

@_exported public import DubboCore
@_exported public import DubboProtobuf
