import Testing
import Transfers

struct RetryPolicyTests {
  @Test func `pauses double up to the longest`() {
    let policy = RetryPolicy(firstDelay: .seconds(1), maximumDelay: .seconds(5))
    #expect((1...5).map { policy.delay(afterFailures: $0) } == [1, 2, 4, 5, 5].map { .seconds($0) })
    #expect(policy.delay(afterFailures: 1_000_000) == .seconds(5))
  }
}
