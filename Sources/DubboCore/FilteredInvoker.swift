/// Filters around an invoker, the first outermost.
public struct FilteredInvoker: Invoker {
  private enum Terminal {
    case invoker(any Invoker)
    case handler(MethodHandler)
  }

  private let stretches: [Stretch]
  private let terminal: Terminal

  public init(_ filters: [any Filter], around terminal: any Invoker) {
    self.init(filters, .invoker(terminal))
  }

  private init(_ filters: [any Filter], _ terminal: Terminal) {
    stretches = Stretch.all(filters)
    self.terminal = terminal
  }

  /// The filters that concern one method around what carries it out, without the look-up of it at each call.
  package func narrowed(to method: MethodDescriptor) -> FilteredInvoker {
    let filters = stretches.flatMap(\.filters).filter { $0.concerns(method) }
    guard case .invoker(let invoker) = terminal, let handler = (invoker as? any MethodTable)?.handler(of: method) else {
      return FilteredInvoker(filters, terminal)
    }
    return FilteredInvoker(filters, .handler(handler))
  }

  public func invoke(_ invocation: Invocation) async throws -> Reply {
    // What `run` would do, without the frame that every async function on the way costs a call.
    guard stretches[0].brackets.isEmpty, let filter = stretches[0].around else {
      return try await run(from: 0, invocation)
    }
    return try await filter.invoke(invocation) { try await run(from: 1, $0) }
  }

  /// The stretch at `index` and what is below it.
  private func run(from index: Int, _ invocation: Invocation) async throws -> Reply {
    let stretch = stretches[index]
    // A copy of the invocation costs as much as several filters.
    guard stretch.actsAtBegin else { return try await finish(stretch, at: index, invocation) }
    var invocation = invocation
    try stretch.begin(&invocation)
    return try await finish(stretch, at: index, invocation)
  }

  /// What is below the stretch, and its end.
  @inline(__always)
  private func finish(_ stretch: Stretch, at index: Int, _ invocation: Invocation) async throws -> Reply {
    do {
      let reply = try await goOn(below: index, invocation)
      stretch.end(invocation, nil)
      return reply
    } catch {
      stretch.end(invocation, error)
      throw error
    }
  }

  @inline(__always)
  private func goOn(below index: Int, _ invocation: Invocation) async throws -> Reply {
    if let filter = stretches[index].around {
      return try await filter.invoke(invocation) { try await run(from: index + 1, $0) }
    }
    switch terminal {
    case .invoker(let invoker): return try await invoker.invoke(invocation)
    case .handler(let handler): return try await handler(invocation)
    }
  }
}

/// A part of a chain: filters that wait for nothing, and the one below them that may; none in the last part.
private struct Stretch {
  let brackets: [any BracketFilter]
  let around: (any Filter)?
  let actsAtBegin: Bool

  private init(_ brackets: [any BracketFilter], _ around: (any Filter)?) {
    self.brackets = brackets
    self.around = around
    actsAtBegin = brackets.contains { $0.actsAtBegin }
  }

  /// `filters` in parts, at least one.
  static func all(_ filters: [any Filter]) -> [Stretch] {
    var parts: [Stretch] = []
    var brackets: [any BracketFilter] = []
    for filter in filters {
      if let bracket = filter as? any BracketFilter {
        brackets.append(bracket)
      } else {
        parts.append(Stretch(brackets, filter))
        brackets = []
      }
    }
    return parts + [Stretch(brackets, nil)]
  }

  var filters: [any Filter] {
    brackets as [any Filter] + (around.map { [$0] } ?? [])
  }

  /// Begins every bracket; when one refuses, those before it end.
  func begin(_ invocation: inout Invocation) throws {
    var begun = 0
    do {
      for filter in brackets {
        try filter.begin(&invocation)
        begun += 1
      }
    } catch {
      end(begun, invocation, error)
      throw error
    }
  }

  func end(_ invocation: Invocation, _ error: (any Error)?) {
    end(brackets.count, invocation, error)
  }

  /// Ends the first so many brackets, the innermost first. In place, for a copy of each would be counted.
  private func end(_ count: Int, _ invocation: Invocation, _ error: (any Error)?) {
    brackets.withUnsafeBufferPointer { brackets in
      for index in (0..<count).reversed() { brackets[index].end(invocation, error) }
    }
  }
}
