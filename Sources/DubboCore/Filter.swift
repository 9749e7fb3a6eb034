/// A layer around every call: it may change the invocation, answer by itself, look at the outcome, or fail the call.
///
/// Streams pass through `next` whole. A filter that wants their messages wraps the body's exchange (caller) or the
/// inbound stream (provider).
public protocol Filter: Sendable {
  /// Calls `next` once to go on, more often to try again, or not at all to answer by itself.
  func invoke(
    _ invocation: Invocation, next: (Invocation) async throws -> Reply
  ) async throws -> Reply

  /// Whether calls of `method` have to pass; true unless a filter says otherwise. A provider asks once for each of its
  /// methods and keeps calls of the others away; a consumer asks nobody, so `invoke` lets those through all the same.
  func concerns(_ method: MethodDescriptor) -> Bool
}

extension Filter {
  public func concerns(_ method: MethodDescriptor) -> Bool { true }
}

/// A filter that works before and after the layers below and waits for nothing. In a chain it costs two plain calls,
/// where a `Filter` costs a frame of the call's task.
public protocol BracketFilter: Filter {
  /// Before the layers below; may change what they see. What it throws ends the call, and then `end` is not called.
  func begin(_ invocation: inout Invocation) throws
  /// After the layers below, once for each `begin` that returned; does nothing unless a filter says otherwise. The error
  /// is the call's, nil when it went well.
  func end(_ invocation: Invocation, _ error: (any Error)?)
}

extension BracketFilter {
  public func end(_ invocation: Invocation, _ error: (any Error)?) {}

  public func invoke(
    _ invocation: Invocation, next: (Invocation) async throws -> Reply
  ) async throws -> Reply {
    var invocation = invocation
    try begin(&invocation)
    do {
      let reply = try await next(invocation)
      end(invocation, nil)
      return reply
    } catch {
      end(invocation, error)
      throw error
    }
  }
}

/// Carries out the calls of one method.
package typealias MethodHandler = @Sendable (Invocation) async throws -> Reply

/// An invoker that has a handler for each of its methods.
package protocol MethodTable: Invoker {
  func handler(of method: MethodDescriptor) -> MethodHandler?
}

/// Filters around an invoker, the first outermost.
public struct FilteredInvoker: Invoker {
  private enum Layer {
    case bracket(any BracketFilter)
    case around(any Filter)
  }

  private enum Terminal {
    case invoker(any Invoker)
    case handler(MethodHandler)
  }

  private let layers: [Layer]
  private let terminal: Terminal

  public init(_ filters: [any Filter], around terminal: any Invoker) {
    layers = filters.map { filter in
      if let bracket = filter as? any BracketFilter { .bracket(bracket) } else { .around(filter) }
    }
    self.terminal = .invoker(terminal)
  }

  private init(layers: [Layer], terminal: Terminal) {
    self.layers = layers
    self.terminal = terminal
  }

  /// The filters that concern one method around what carries it out, without the look-up of it at each call.
  package func narrowed(to method: MethodDescriptor) -> FilteredInvoker {
    let layers = layers.filter { layer in
      switch layer {
      case .bracket(let filter): filter.concerns(method)
      case .around(let filter): filter.concerns(method)
      }
    }
    guard case .invoker(let invoker) = terminal, let handler = (invoker as? any MethodTable)?.handler(of: method) else {
      return FilteredInvoker(layers: layers, terminal: terminal)
    }
    return FilteredInvoker(layers: layers, terminal: .handler(handler))
  }

  public func invoke(_ invocation: Invocation) async throws -> Reply {
    // What `run` would do, without the frame that every async function on the way costs a call.
    guard case .around(let filter) = layers.first else { return try await run(from: 0, invocation) }
    return try await filter.invoke(invocation) { try await run(from: 1, $0) }
  }

  /// The layers from `start` on: brackets up to the next other filter, and what is below them.
  private func run(from start: Int, _ invocation: Invocation) async throws -> Reply {
    var invocation = invocation
    var index = start
    do {
      while index < layers.count, case .bracket(let filter) = layers[index] {
        try filter.begin(&invocation)
        index += 1
      }
      let reply: Reply
      if index < layers.count, case .around(let filter) = layers[index] {
        reply = try await filter.invoke(invocation) { [index] in try await run(from: index + 1, $0) }
      } else {
        switch terminal {
        case .invoker(let invoker): reply = try await invoker.invoke(invocation)
        case .handler(let handler): reply = try await handler(invocation)
        }
      }
      end(start..<index, invocation, nil)
      return reply
    } catch {
      end(start..<index, invocation, error)
      throw error
    }
  }

  private func end(_ brackets: Range<Int>, _ invocation: Invocation, _ error: (any Error)?) {
    for index in brackets.reversed() {
      if case .bracket(let filter) = layers[index] { filter.end(invocation, error) }
    }
  }
}
