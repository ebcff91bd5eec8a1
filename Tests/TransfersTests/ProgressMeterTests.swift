import Testing
import Transfers

struct ProgressMeterTests {
  @Test func `reports are ten a second at most, with the rate of the last seconds`() {
    let clock = TestClock()
    let reports = Recorder<DownloadProgress>()
    let meter = ProgressMeter(clock: clock.transferClock) { reports.append($0) }
    meter.begin(at: 1000, of: 10_000)
    for step in 1...20 {
      clock.advance(by: .milliseconds(50))
      meter.advance(to: 1000 + Int64(step) * 50, of: 10_000)
    }
    let expected: [Int64] = [1000, 1100, 1200, 1300, 1400, 1500, 1600, 1700, 1800, 1900, 2000]
    #expect(reports.values.map(\.bytes) == expected)
    #expect(reports.values.last == DownloadProgress(bytes: 2000, total: 10_000, bytesPerSecond: 1000))

    // Ten seconds at a tenth of the speed: the first second is forgotten.
    for step in 1...10 {
      clock.advance(by: .seconds(1))
      meter.advance(to: 2000 + Int64(step) * 100, of: 10_000)
    }
    #expect(reports.values.last?.bytesPerSecond == 100)

    // Beginning again forgets everything.
    meter.begin(at: 0, of: nil)
    #expect(reports.values.last == DownloadProgress(bytes: 0, total: nil, bytesPerSecond: nil))
    clock.advance(by: .seconds(2))
    meter.end(at: 600)
    #expect(reports.values.last == DownloadProgress(bytes: 600, total: 600, bytesPerSecond: 300))
  }

  @Test func `fractions are those of known totals`() {
    #expect(DownloadProgress(bytes: 1, total: 4, bytesPerSecond: nil).fraction == 0.25)
    #expect(DownloadProgress(bytes: 1, total: nil, bytesPerSecond: nil).fraction == nil)
    #expect(DownloadProgress(bytes: 0, total: 0, bytesPerSecond: nil).fraction == 1)
  }
}
