import Evaluation

/// A table of a document: a caption, a head, and rows whose first cell may name them.
public struct DocumentTable: Sendable, Equatable {
  /// A heading, and how the cells below it stand.
  public typealias Column = TextTable.Column

  /// What the table shows; read out before it, and the name of its scrolling region.
  public var caption: String
  /// From left to right.
  public var columns: [Column]
  /// Cells of each row; missing ones at its end are empty.
  public var rows: [[InlineText]]
  /// Whether the first cell of a row names it.
  public var hasRowHeaders: Bool

  /// A table of running text; `rows` may have fewer cells than there are columns.
  public init(caption: String, columns: [Column], rows: [[InlineText]], hasRowHeaders: Bool = true) {
    self.caption = caption
    self.columns = columns
    self.rows = rows
    self.hasRowHeaders = hasRowHeaders
  }

  /// Whether its columns do not fit a phone's screen: more than three, or three of which one holds words.
  var isWide: Bool {
    columns.count > 3 || columns.count == 3 && columns.dropFirst().contains { $0.alignment == .left }
  }

  /// The same table for a document, its cells as plain text.
  public init(_ table: TextTable, caption: String, hasRowHeaders: Bool = true) {
    self.init(
      caption: caption, columns: table.columns, rows: table.rows.map { $0.map { InlineText($0) } },
      hasRowHeaders: hasRowHeaders)
  }

  /// Metrics, one a row: value, interval, how it was found or why there is none, pictures, series.
  ///
  /// - Parameters:
  ///   - rows: a metric, or nil for one that is not defined, with the reason in words.
  ///   - level: confidence level of the intervals, such as 0.95.
  public static func metrics(
    caption: String, name: String, _ rows: [MetricRow], level: Double, in language: Language
  ) -> DocumentTable {
    let percent = MetricText.percent(level)
    return DocumentTable(
      caption: caption,
      columns: [
        .init(name), .init(language(PageText.value), .right), .init(language(PageText.interval, percent)),
        .init(language(PageText.pictures), .right), .init(language(PageText.series), .right),
        .init(language(PageText.method)),
      ],
      rows: rows.map { row in
        guard let metric = row.metric else { return [InlineText(row.name), "–", "–", "–", "–", InlineText(row.reason)] }
        let method = MetricText.method(metric, in: language)
        return [
          InlineText(row.name), InlineText(MetricText.number(metric.value)),
          InlineText(MetricText.interval(metric, in: language) ?? "–"), InlineText("\(metric.images)"),
          InlineText("\(metric.series)"), MethodText.isMarked(metric.method) ? .warning(method) : InlineText(method),
        ]
      })
  }
}

/// A row of a table of metrics.
public struct MetricRow: Sendable, Equatable {
  /// The metric's name, as it is shown.
  public var name: String
  /// Nil where it is not defined; `reason` says why.
  public var metric: Metric?
  /// Why there is no metric.
  public var reason: String

  /// A row for a metric that is defined.
  public init(_ name: String, _ metric: Metric) { (self.name, self.metric, reason) = (name, metric, "") }
  /// A row for a metric that is not defined, with the reason in words.
  public init(_ name: String, undefined reason: String) { (self.name, metric, self.reason) = (name, nil, reason) }
}
