import Evaluation
import Reports
import Testing

struct MetricTextTests {
  @Test func `a metric is a sentence with its interval`() {
    let metric = Metric(
      value: 0.7121, low: 0.6414, high: 0.7826, method: "cluster bootstrap", images: 139, series: 12)
    #expect(
      MetricText.line("accuracy", metric)
        == "accuracy 0.712 (0.641 to 0.783), cluster bootstrap, 139 images, 12 series")
  }

  @Test func `a metric without an interval says why`() {
    let metric = Metric(value: 0.5, low: nil, high: nil, method: "no interval: 3 series", images: 20, series: 7)
    #expect(MetricText.line("AUC", metric) == "AUC 0.500, no interval: 3 series, 20 images, 7 series")
  }

  @Test func `rounding never claims a perfect score`() {
    func text(_ value: Double) -> String {
      MetricText.line("x", Metric(value: value, low: nil, high: nil, method: "m", images: 1, series: 1))
    }
    #expect(text(0.9998).hasPrefix("x 0.9998,") && text(0.999999).hasPrefix("x 0.999999,"))
    #expect(text(0.99999996).hasPrefix("x >0.999999,") && text(0.9999999999996).hasPrefix("x >0.999999,"))
    #expect(text(1).hasPrefix("x 1.000,") && text(0).hasPrefix("x 0.000,"))
    #expect(text(0.0002).hasPrefix("x 0.0002,") && text(1e-12).hasPrefix("x <0.000001,"))
    #expect(text(-0.25).hasPrefix("x -0.250,") && text(-1e-12).hasPrefix("x >-0.000001,"))
    #expect(text(24.8649).hasPrefix("x 24.865,"))
  }

  @Test func `a report is tables of metrics, classes and confusions`() throws {
    var (labels, rows, series) = ([Int](), [[Double]](), [Int]())
    for number in 0..<8 {
      for picture in 0..<5 {
        labels.append(number % 2)
        rows.append(picture < number / 2 ? [0.25, 0.75] : [0.75, 0.25])
        series.append(number)
      }
    }
    let predictions = try Predictions(classes: ["Normal", "Tumor"], labels: labels, probabilities: rows, series: series)
    let text = MetricText.summary(of: try evaluate(predictions, bootstrap: BootstrapSettings(seed: 1)))
    #expect(
      text == """
        metric               value  95 % interval  images  series  method
        loss                 0.837  -                  40       8  no interval: 4 series
        accuracy             0.500  -                  40       8  no interval: 4 series
        balanced accuracy    0.500  -                  40       8  no interval: 4 series
        sensitivity (Tumor)  0.300  -                  20       4  no interval: 4 series
        specificity (Tumor)  0.700  -                  20       4  no interval: 4 series
        AUC (Tumor)          0.500  -                  40       8  no interval: 4 series
        macro F1             0.479  -                  40       8  no interval: 4 series
        Brier score          0.312  -                  40       8  no interval: 4 series

        class                value  95 % interval  images  series  method
        Normal: sensitivity  0.700  -                  20       4  no interval: 4 series
        Normal: precision    0.500  -                  28       8  no interval: 4 series
        Normal: F1           0.583  -                  40       8  no interval: 4 series
        Tumor: sensitivity   0.300  -                  20       4  no interval: 4 series
        Tumor: precision     0.500  -                  12       6  no interval: 4 series
        Tumor: F1            0.375  -                  40       8  no interval: 4 series

        Pictures by true class (rows) and predicted class (columns)
                Normal  Tumor  images  series
        Normal      14      6      20       4
        Tumor       14      6      20       4

        """)
  }

  @Test func `a class never predicted is told in table and note`() throws {
    let predictions = try Predictions(
      classes: ["a", "b"], labels: [0, 1], probabilities: [[0.9, 0.1], [0.8, 0.2]], series: [0, 1])
    let text = MetricText.summary(of: try evaluate(predictions, bootstrap: BootstrapSettings(seed: 1, level: 0.9)))
    #expect(text.contains("b: precision        -  -                   0       0  never predicted\n"))
    #expect(text.hasSuffix("\nNote: class b was never predicted: its precision is undefined.\n"))
    #expect(text.contains("90 % interval"))
  }
}
