import Evaluation
import Foundation
import Testing

struct MetricTests {
  @Test func `a missing interval is written as null`() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let metric = Metric(value: 0.5, low: nil, high: nil, method: "no interval: 3 series", images: 40, series: 3)
    let text = String(decoding: try encoder.encode(metric), as: UTF8.self)
    #expect(
      text
        == #"{"high":null,"images":40,"low":null,"method":"no interval: 3 series","series":3,"value":0.5}"#)
    #expect(try JSONDecoder().decode(Metric.self, from: Data(text.utf8)) == metric)
  }

  @Test func `an interval is written as numbers`() throws {
    let metric = Metric(value: 0.5, low: 0.25, high: 0.75, method: "cluster bootstrap", images: 40, series: 8)
    let data = try JSONEncoder().encode(metric)
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(object["low"] as? Double == 0.25 && object["high"] as? Double == 0.75)
    #expect(object["series"] as? Int == 8 && object.count == 6)
    #expect(try JSONDecoder().decode(Metric.self, from: data) == metric)
  }
}
