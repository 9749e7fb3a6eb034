import DubboCluster
import DubboCore
import Testing

@Suite struct TenThousandProvidersTests {
  @Test func `case 38: ten thousand providers are applied, and unchanged ones are kept as they are`() {
    let directory = ServiceDirectory(service: service, context: context()) { FakeEndpoint($0) { _ in Reply() } }
    let urls = (0..<10_000).map {
      DubboURL(scheme: "tri", host: "10.\($0 / 62_500).\($0 / 250 % 250).\($0 % 250)", port: 1, path: service.interface)
    }
    #expect(directory.update(urls).added == 10_000)
    let before = directory.snapshot.roster.candidates
    let change = directory.update(Array(urls.dropFirst()))
    #expect(change.kept == 9_999 && change.retired.count == 1)
    #expect(zip(before.dropFirst(), directory.snapshot.roster.candidates).allSatisfy { $0 === $1 })
  }
}
