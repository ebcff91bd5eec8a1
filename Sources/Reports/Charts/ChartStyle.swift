/// Colours, dashes and marks of charts.
package enum ChartStyle {
  /// The shape of a point; lines are told apart by it where there is no colour.
  package enum Mark: CaseIterable {
    case circle, square, triangle, diamond
  }

  /// Each line's colour on white and on dark paper: of Okabe and Ito, darkened or lightened to stand
  /// out from the paper.
  package static let colours: [(light: String, dark: String)] = [
    ("#0072B2", "#56B4E9"), ("#BF5000", "#E69F00"), ("#007D5A", "#2FC49A"), ("#9A4C7F", "#E3A3CB"),
  ]

  package static let paper = (light: "#FFFFFF", dark: "#16181C")

  /// Dashes, in stroke-dasharray's form; the first is a solid line.
  static let dashes = ["none", "7 4", "2 3", "9 3 2 3"]

  /// The style classes and the mark of a line. With every fourth line dashes and marks move on beside
  /// the colours, so that sixteen lines are all different.
  package static func look(_ line: Int) -> (classes: String, mark: Mark) {
    let shifted = (line + line / colours.count) % dashes.count
    return ("colour\(line % colours.count) dash\(shifted)", Mark.allCases[shifted])
  }

  /// For charts that stand in a page, which is always light: once for all of them.
  static let lightSheet = lightRules.joined(separator: "\n")

  /// For a chart that is a file of its own: it follows a reader's dark preference on screen.
  static let sheet =
    lightSheet + "\n@media screen and (prefers-color-scheme: dark) {\n" + darkRules.joined(separator: "\n") + "\n}"

  /// Every rule is confined to `.nefro-chart`, since a style inside an inline SVG reaches the page
  /// around it. Colours are written out in full: not every reader of SVG knows CSS variables.
  private static let lightRules: [String] = {
    var rules = [
      ".nefro-chart text { font-family: system-ui, 'DejaVu Sans', Arial, sans-serif; font-size: 12px; fill: #333333; }",
      ".nefro-chart .heading { font-size: 16px; font-weight: 600; fill: #111111; }",
      ".nefro-chart .strong { font-weight: 600; fill: #111111; }",
      ".nefro-chart .inverse { fill: #FFFFFF; }", ".nefro-chart .plain { fill: #000000; }",
      ".nefro-chart .paper { fill: \(paper.light); }",
      ".nefro-chart .grid { stroke: #DDDDDD; stroke-width: 1; }",
      ".nefro-chart .axis { stroke: #666666; stroke-width: 1; }",
      ".nefro-chart .curve { fill: none; stroke-width: 2; stroke-linejoin: round; }",
      ".nefro-chart .reference { fill: none; stroke: #666666; stroke-width: 1.2; stroke-dasharray: 5 4; }",
      ".nefro-chart .interval { stroke-width: 1.4; }",
      ".nefro-chart .bar { fill: #C9D3DC; }",
    ]
    for (index, colour) in colours.enumerated() {
      rules.append(".nefro-chart .curve.colour\(index) { stroke: \(colour.light); }")
      rules.append(".nefro-chart .interval.colour\(index) { stroke: \(colour.light); }")
      rules.append(".nefro-chart .mark.colour\(index) { fill: \(colour.light); }")
      rules.append(".nefro-chart .band.colour\(index) { fill: \(colour.light); fill-opacity: 0.16; stroke: none; }")
    }
    for (index, dash) in dashes.enumerated() where index > 0 {
      rules.append(".nefro-chart .curve.dash\(index) { stroke-dasharray: \(dash); }")
    }
    return rules
  }()

  private static let darkRules: [String] = {
    var rules = [
      ".nefro-chart text { fill: #CCCCCC; }",
      ".nefro-chart .heading { fill: #F2F2F2; }",
      ".nefro-chart .paper { fill: \(paper.dark); }",
      ".nefro-chart .grid { stroke: #33373D; }",
      ".nefro-chart .axis { stroke: #8A9099; }",
    ]
    for (index, colour) in colours.enumerated() {
      rules.append(".nefro-chart .curve.colour\(index) { stroke: \(colour.dark); }")
      rules.append(".nefro-chart .mark.colour\(index) { fill: \(colour.dark); }")
      rules.append(".nefro-chart .band.colour\(index) { fill: \(colour.dark); }")
    }
    return rules
  }()
}
