import Testing

@testable import DubboIO

@Suite struct TurnAllowanceTests {
  @Test func `each turn has its own share`() {
    var allowance = TurnAllowance()
    let first = (0..<5).map { _ in allowance.take(in: 1, limit: 3) }
    #expect(first == [true, true, true, false, false])
    let later = (0..<4).map { _ in allowance.take(in: 2, limit: 3) }
    #expect(later == [true, true, true, false])
  }
}
