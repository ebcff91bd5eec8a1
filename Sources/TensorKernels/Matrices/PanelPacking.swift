/// Copies columns of a row-major matrix into a panel of shape [rows, 16]; columns beyond `columns`
/// become zero.
func packPanel(
  _ source: UnsafePointer<Float>, rowStride: Int, rows: Int, columns: Int, into panel: UnsafeMutablePointer<Float>
) {
  var p = source
  var q = panel
  if columns == panelWidth {
    for _ in 0..<rows {
      store(load(p), q)
      store(load(p + 8), q + 8)
      p += rowStride
      q += panelWidth
    }
  } else {
    for _ in 0..<rows {
      for column in 0..<columns { q[column] = p[column] }
      for column in columns..<panelWidth { q[column] = 0 }
      p += rowStride
      q += panelWidth
    }
  }
}

/// The same from a matrix that holds the panel's columns as rows: element (row, column) of the panel is
/// `source[column * columnStride + row]`.
func packTransposedPanel(
  _ source: UnsafePointer<Float>, columnStride: Int, rows: Int, columns: Int, into panel: UnsafeMutablePointer<Float>
) {
  for row in 0..<rows {
    let q = panel + row * panelWidth
    var p = source + row
    for column in 0..<columns {
      q[column] = p.pointee
      p += columnStride
    }
    for column in columns..<panelWidth { q[column] = 0 }
  }
}
