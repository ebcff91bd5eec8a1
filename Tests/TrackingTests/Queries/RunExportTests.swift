import Digests
import Evaluation
import Foundation
import LocalFiles
import TestSupport
import Testing
import Tracking

@Suite struct RunExportTests {
  /// A reader of RFC 4180 of the tests' own: rows of fields.
  private func fields(_ text: String) -> [[String]] {
    var (rows, row, field) = ([[String]](), [String](), "")
    var isQuoted = false
    var rest = Array(text.unicodeScalars)[...]
    while let next = rest.popFirst() {
      if isQuoted {
        if next != "\"" {
          field.unicodeScalars.append(next)
        } else if rest.first == "\"" {
          field.unicodeScalars.append(rest.removeFirst())
        } else {
          isQuoted = false
        }
      } else if next == "\"" {
        isQuoted = true
      } else if next == "," || next == "\n" {
        row.append(field)
        field = ""
        if next == "\n" {
          rows.append(row)
          row = []
        }
      } else {
        field.unicodeScalars.append(next)
      }
    }
    return rows
  }

  @Test func `commas, quotes and lines come back as they were, and no text runs as a formula`() throws {
    try withTemporaryFolder { folder in
      let store = try RunStore(at: folder)
      let texts = [
        "plain": "a", "comma": "a,b", "quote": "say \"a\"", "line": "a\nb\r\nc", "formula": "=HYPERLINK(\"http://x\")",
        "plus": "+1+1", "minus": "-1", "at": "@SUM(A1)", "tab": "\t=1", "return": "\r=1",
      ]
      let recorder = try store.begin(.train, name: "=cmd()", parameters: texts)
      try recorder.log(figures: [
        "auc": Metric(value: 0.9, low: 0.8, high: nil, method: "m", images: 4, series: 2)
      ])
      try recorder.log([MetricPoint(key: "loss", step: 1, time: Date(), value: -.infinity)])
      try recorder.finish()
      let rows = fields(RunExport.csv(try store.runs(RunQuery()).runs))
      try #require(rows.count == 2 && rows[0].count == rows[1].count)
      let found = Dictionary(uniqueKeysWithValues: zip(rows[0], rows[1]))
      for name in ["plain", "comma", "quote", "line"] { #expect(found["params.\(name)"] == texts[name]) }
      #expect(found["params.minus"] == "-1", "a number is no formula")
      for name in ["formula", "plus", "at", "tab", "return"] {
        #expect(found["params.\(name)"] == "'" + texts[name]!, "\(name)")
      }
      #expect(found["name"] == "'=cmd()" && found["status"] == "finished" && found["id"] == recorder.id.text)
      #expect(found["figures.auc"] == "0.9" && found["figures.auc.low"] == "0.8" && found["figures.auc.high"] == "")
      #expect(found["metrics.loss"] == "-inf")
    }
  }

  @Test func `a run's files and its record are written, and a damaged file is named`() throws {
    try withTemporaryFolder { folder in
      let store = try RunStore(at: folder.appending(path: "store"))
      let recorder = try store.begin(.train, name: "x")
      let file = folder.appending(path: "f")
      try AtomicFile.write("content", to: file)
      try recorder.add(file, as: "private/f")
      try recorder.finish()
      let details = try store.details(of: recorder.id)
      let out = folder.appending(path: "out")
      try RunExport.write(details, of: store, to: out)
      #expect(try String(contentsOf: out.appending(path: "artifacts/private/f"), encoding: .utf8) == "content")
      let json = try Data(contentsOf: out.appending(path: "run.json"))
      let whole = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
      #expect((whole["run"] as? [String: Any])?["id"] as? String == recorder.id.text)
      try AtomicFile.write("other", to: store.objects.url(of: ContentDigest(of: "content")))
      #expect(throws: TrackingError.self) { try RunExport.write(details, of: store, to: out) }
    }
  }
}
