/// Many small pictures on one, each with a caption.
public enum ContactSheet {
  private static let margin = 6
  private static let captionGap = 3
  private static let titleScale = 2
  private static let background = Color(grey: 32)
  private static let captionColor = Color(grey: 220)

  /// - Parameters:
  ///   - pictures: left to right, then down.
  ///   - columns: how many stand beside each other, at least 1; fewer pictures make a narrower sheet.
  ///   - cell: the side of the square each picture is fitted into, in pixels, at least 16.
  ///   - title: above all; an empty one takes no room.
  /// - Returns: a colour picture. A text too long for its place ends in "..".
  public static func make(
    pictures: [(Picture, caption: String)], columns: Int, cell: Int, title: String = ""
  ) -> Picture {
    precondition(columns >= 1 && cell >= 16, "a sheet has at least one column, of 16 pixels")
    let usedColumns = max(1, min(columns, pictures.count))
    let rows = (pictures.count + usedColumns - 1) / usedColumns
    let hasCaptions = pictures.contains { !$0.caption.isEmpty }
    let rowHeight = cell + (hasCaptions ? captionGap + Canvas.textHeight() : 0) + margin
    let titleHeight = title.isEmpty ? 0 : Canvas.textHeight(scale: titleScale) + margin
    let width = margin + usedColumns * (cell + margin)
    var canvas = Canvas(
      width: width, height: margin + titleHeight + rows * rowHeight, background: background)
    if !title.isEmpty {
      canvas.text(
        shortened(title, to: width - 2 * margin, scale: titleScale), x: margin, y: margin, scale: titleScale)
    }
    for (index, (picture, caption)) in pictures.enumerated() {
      let x = margin + index % usedColumns * (cell + margin)
      let y = margin + titleHeight + index / usedColumns * rowHeight
      canvas.fill(x: x, y: y, width: cell, height: cell, with: .black)
      canvas.draw(picture, x: x, y: y, width: cell, height: cell)
      canvas.text(shortened(caption, to: cell, scale: 1), x: x, y: y + cell + captionGap, color: captionColor)
    }
    return canvas.picture
  }

  private static func shortened(_ text: String, to width: Int, scale: Int) -> String {
    if Canvas.textWidth(text, scale: scale) <= width { return text }
    var kept = text
    while !kept.isEmpty, Canvas.textWidth(kept + "..", scale: scale) > width { kept.removeLast() }
    return kept + ".."
  }
}
