import Dubbo
import SampleServices

/// A router of your own says which providers may take a call: here those of the stage that the call asks for.
struct StageRouter: Router {
  let name = "stage"

  func route(_ candidates: [Candidate], for invocation: Invocation, consumer: DubboURL) -> [Candidate] {
    let wanted = invocation.metadata["stage"] ?? "stable"
    return candidates.filter { $0.url["stage"] == wanted }
  }
}

let extensions = {
  var extensions = ExtensionCatalog.builtIn
  extensions.register("stage", for: Routers.self) { _ in StageRouter() }
  return extensions
}()

func shop(_ stage: String) -> DubboApplication {
  Shop.application(stage, registry: "memory://here", extensions: extensions, parameters: ["stage": stage])
}

try await shop("stable").run { _ in
  try await shop("canary").run { app in
    // `router=stage` for one reference; `app.rules.routers = [StageRouter()]` would be for all.
    let shop = app.reference(to: Shop.serviceName, parameters: ["router": "stage"])
    say("a call goes to \(try await shop.invoke("name", returning: String.self))")
    let brave = CallOptions(metadata: ["stage": "canary"])
    say("a brave one to \(try await shop.invoke("name", returning: String.self, options: brave))")
  }
}
