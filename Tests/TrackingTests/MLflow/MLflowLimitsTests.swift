import Evaluation
import Foundation
import TestSupport
import Testing
import Tracking

@Suite struct MLflowLimitsTests {
  @Test(arguments: [
    "loss", "val/auc", "learning rate", "a-b.c_d/E9", String(repeating: "k", count: 250),
  ])
  func `a name that every server takes stays as it is`(name: String) {
    #expect(MLflowLimits.key(name) == name)
  }

  @Test(arguments: [
    "", ".", "..", "/", "/a", "a/", "a//b", "a/../b", "a/./b", "a:b", "sensitivity@0.5", "pérdida", "a\nb", "a\"b",
    String(repeating: "k", count: 251), String(repeating: "k/", count: 200),
  ])
  func `another name becomes one, and its own`(name: String) {
    let key = MLflowLimits.key(name)
    #expect(key.wholeMatch(of: /[A-Za-z0-9_.\- ]+(\/[A-Za-z0-9_.\- ]+)*/) != nil, "\(key)")
    #expect(!key.split(separator: "/").contains { $0 == "." || $0 == ".." })
    #expect(key.count <= 250 && key != name)
    #expect(key != MLflowLimits.key(name + "x") && key == MLflowLimits.key(name))
  }

  @Test func `a long value is cut to the length, counted as Python counts, with a note`() {
    for text in [
      String(repeating: "é", count: 501), String(repeating: "e\u{301}", count: 300), String(repeating: "👩🏽‍⚕️", count: 200),
    ] {
      let cut = MLflowLimits.cut(text, to: 500, whole: "nefro/long-values/param-x.txt")
      #expect(cut.unicodeScalars.count == 500)
      #expect(cut.hasSuffix("(cut; whole in nefro/long-values/param-x.txt)"))
    }
    let fits = String(repeating: "é", count: 500)
    #expect(MLflowLimits.cut(fits, to: 500, whole: "x") == fits)
  }

  @Test func `batches keep the number and the bytes of a call, and nothing is lost`() {
    let entries = Array(0..<2345)
    let few = MLflowLimits.batches(entries, atMost: 100) { _ in 10 }
    #expect(few.flatMap { $0 } == entries && few.allSatisfy { (1...100).contains($0.count) } && few.count == 24)
    let large = MLflowLimits.batches(entries, atMost: 100) { _ in 400_000 }
    #expect(large.flatMap { $0 } == entries && large.allSatisfy { $0.count <= 2 })
    #expect(MLflowLimits.batches([Int](), atMost: 100) { _ in 1 }.isEmpty)
  }

  @Test func `limits follow the version, and are the strictest where there is none`() {
    #expect(MLflowLimits(version: nil).parameterLength == 500 && MLflowLimits(version: nil).tagLength == 5000)
    #expect(MLflowLimits(version: MLflowVersion("2.22.0")) == MLflowLimits(version: nil))
    #expect(MLflowLimits(version: MLflowVersion("3.0.1")).parameterLength == 6000)
  }

  @Test func `the flavours of a model are the keys below that word`() {
    let text = """
      artifact_path: model
      flavors:
        # a note
        onnx:
          data: model.onnx
          providers:
          - CPU
        python_function:
          loader_module: mlflow.onnx
      run_id: x
      signature:
        inputs: y
      """
    #expect(Set(RunMirror.flavors(text).keys) == ["onnx", "python_function"])
    #expect(RunMirror.flavors("a: b").isEmpty)
  }

  @Test(arguments: [
    ("champion", true), ("v_1", true), ("a-b", true), ("latest", false), ("Latest", false), ("v12", false),
    ("V1", false), ("a b", false), ("", false), ("ñ", false),
  ])
  func `an alias is what MLflow takes for one`(alias: String, isGood: Bool) {
    #expect(ModelAlias.isAlias(alias) == isGood)
  }

  @Test func `a figure with a curve's name does not become a point of it`() throws {
    try withTemporaryFolder { folder in
      let store = try RunStore(at: folder)
      let recorder = try store.begin(.train, name: "x")
      try recorder.log([MetricPoint(key: "auc", step: 1, time: Date(), value: 0.5)])
      try recorder.log(figures: ["auc": Metric(value: 0.9, low: 0.8, high: nil, method: "m", images: 1, series: 1)])
      let limits = MLflowLimits(version: nil)
      #expect(MirrorContent(try store.details(of: recorder.id), limits: limits).figures.isEmpty, "none before the end")
      try recorder.finish()
      let content = MirrorContent(try store.details(of: recorder.id), limits: limits)
      #expect(content.figures.map(\.key) == ["auc_final", "auc_low"])
    }
  }
}
