import MedicalImages
import RandomStreams

/// What workstations and readers burn into pictures: text in the corners, a ruler, an arrow.
///
/// None of it tells anything of the finding; a classifier that learns it is wrong.
enum PictureMarks {
  /// - Parameters:
  ///   - spacing: from one pixel to the next, in mm.
  ///   - window: shown in a corner, as workstations do.
  static func draw(
    on picture: Picture, spacing: Float, window: DisplayWindow, from stream: inout RandomStream
  ) -> Picture {
    var canvas = Canvas(width: picture.width, height: picture.height)
    canvas.draw(picture, x: 0, y: 0)
    let scale = max(1, min(picture.width, picture.height) / 320)
    let (inset, line) = (3 * scale, Canvas.textHeight(scale: scale) + scale)
    let ink = Color(grey: UInt8(200 + stream.index(below: 56)))

    canvas.text("SYNTHETIC HOSPITAL", x: inset, y: inset, color: ink, scale: scale)
    canvas.text("Im: \(1 + stream.index(below: 180))", x: inset, y: inset + line, color: ink, scale: scale)
    let settings = "W \(Int(window.width)) L \(Int(window.level))"
    canvas.text(settings, x: inset, y: picture.height - inset - line, color: ink, scale: scale)
    canvas.text("R", x: inset, y: picture.height / 2, color: ink, scale: 2 * scale)

    drawRuler(on: &canvas, spacing: spacing, scale: scale, ink: ink)
    if stream.chance(0.5) { drawArrow(on: &canvas, scale: scale, ink: ink, from: &stream) }
    return picture.channels == 3 ? canvas.picture : grey(canvas.picture)
  }

  /// Ten centimetres at the right edge, a tick each.
  private static func drawRuler(on canvas: inout Canvas, spacing: Float, scale: Int, ink: Color) {
    let height = Int(100 / spacing)
    let top = (canvas.height - height) / 2
    let x = canvas.width - 4 * scale
    canvas.fill(x: x, y: top, width: scale, height: height, with: ink)
    for tick in 0...10 {
      let length = (tick % 5 == 0 ? 6 : 3) * scale
      canvas.fill(x: x - length, y: top + height * tick / 10, width: length, height: max(1, scale / 2), with: ink)
    }
  }

  /// Somewhere in the middle of the picture, whatever is there.
  private static func drawArrow(on canvas: inout Canvas, scale: Int, ink: Color, from stream: inout RandomStream) {
    let tipX = Int(Float(canvas.width) * stream.between(0.3, 0.7))
    let tipY = Int(Float(canvas.height) * stream.between(0.35, 0.65))
    let direction = stream.chance(0.5) ? 1 : -1
    for step in 0..<12 * scale {
      let x = tipX + direction * step
      let y = tipY - step
      let half = step < 5 * scale ? step / 2 : scale / 2
      canvas.fill(x: x - half, y: y - half, width: 2 * half + 1, height: 2 * half + 1, with: ink)
    }
  }

  private static func grey(_ picture: Picture) -> Picture {
    Picture(
      width: picture.width, height: picture.height, channels: 1,
      pixels: (0..<picture.width * picture.height).map { picture.pixels[3 * $0] })
  }
}
