internal import DubboCluster
internal import DubboCore

/// The layers of a call on its way in. This file is the only one that knows their order.
///
///     protocol → service look-up → filters → the user's method
struct ServerStack {
  let invoker: any Invoker
  /// The user's methods, and those that filters answer.
  let methods: [MethodDescriptor]
  /// What filters do beside the calls, for whoever owns tasks to run.
  let background: [any BackgroundWork]

  /// - Parameters:
  ///   - url: what is known of the service, override rules counted in.
  ///   - memory: what the filters of the stack before this one have counted.
  init(
    for service: ProvidedService, at url: DubboURL, _ application: DubboApplication, _ memory: FilterMemory
  ) throws {
    // The protocol has found the service by interface, group and version before anything here runs, so each service
    // has a chain of its own, and a call for nobody costs no filter.
    let chain = try FilterChain(url, side: .provider, application, memory: memory)
    background = chain.background
    let echoes = chain.filters.contains { $0 is EchoFilter }
    methods = service.methods + (echoes ? [EchoFilter.method(of: service.key.interface)] : [])

    // The filters come after the look-up and before the method: they know which method is meant, and a call that they
    // refuse never reaches the user's code. The user's method is last; a stream runs inside it, so that every filter sees
    // its true end.
    invoker = chain.around(service.invoker)
  }
}
