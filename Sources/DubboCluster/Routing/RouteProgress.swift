/// How far the stages have come with the calls of one plan.
struct RouteProgress: Sendable {
  /// The next stage.
  var stage = 0
  var set: CandidateSet
  var mesh = MeshProgress()

  enum Outcome {
    case done
    /// One of several ways, drawn by weight for each call.
    case draw([(progress: RouteProgress, weight: Int)])
  }

  /// Goes through the stages that apply, as far as nothing has to be drawn.
  mutating func run(_ stages: [RouteStage], applies: [Bool], _ wish: TagStage.Wish) -> Outcome {
    while stage < stages.count {
      let index = stage
      stage += 1
      guard applies[index] else { continue }
      switch stages[index] {
      case .mesh(let mesh):
        guard self.mesh.isOpen(mesh) else { continue }
        let shares = mesh.destinations(in: set)
        if shares.count < 2 {
          self.mesh.decide(mesh, shares.first?.set)
          continue
        }
        return .draw(
          shares.map { share in
            var next = self
            next.mesh.decide(mesh, share.set)
            return (next, share.weight)
          })
      case .meshEnd: set = mesh.apply(to: set)
      case .tag(let tag): set = tag.apply(to: set, wish)
      case .condition(let condition): set = condition.apply(to: set)
      case .affinity(let affinity): set = affinity.apply(to: set)
      case .destinations(let destinations):
        switch destinations.apply(to: set) {
        case .set(let result): set = result
        case .draw(let choices):
          return .draw(
            choices.map { choice in
              var next = self
              next.set = choice.set
              return (next, choice.weight)
            })
        }
      }
    }
    return .done
  }
}
