internal import DubboCore

/// The layers of a call on its way in. This file is the only one that knows their order.
///
///     protocol → service look-up → filters → the user's method
enum ServerStack {
  static func invoker(for service: ProvidedService, _ application: DubboApplication) throws -> any Invoker {
    // The protocol has found the service by interface, group and version before anything here runs, so each service
    // has a chain of its own, and a call for nobody costs no filter.
    let url = application.providerURL(of: service, at: DubboURL(scheme: "", host: ""))

    // The filters come after the look-up and before the method: they know which method is meant, and a call that they
    // refuse never reaches the user's code.
    let filters = try FilterChain(url, side: .provider, application).filters

    // The user's method is last; a stream runs inside it, so that every filter sees its true end.
    return filters.isEmpty ? service.invoker : FilteredInvoker(filters, around: service.invoker)
  }
}
