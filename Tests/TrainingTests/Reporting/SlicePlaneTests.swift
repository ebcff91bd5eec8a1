import Foundation
import MedicalImages
import TestSupport
import Testing
import Training

struct SlicePlaneTests {
  /// A bright rectangle with rounded ends on black, in shares of the frame, and a thin bright line below it.
  private func picture(_ rows: ClosedRange<Double>, _ columns: ClosedRange<Double>, line: Double? = nil) -> Picture {
    let (height, width) = (256, 320)
    var pixels = [UInt8](repeating: 0, count: height * width)
    for row in 0..<height {
      for column in 0..<width {
        let (y, x) = ((Double(row) + 0.5) / Double(height), (Double(column) + 0.5) / Double(width))
        if rows.contains(y), columns.contains(x) { pixels[row * width + column] = 110 }
        if let line, abs(y - line) < 0.004 { pixels[row * width + column] = 200 }
      }
    }
    return Picture(width: width, height: height, channels: 1, pixels: pixels)
  }

  @Test func `a wide body inside of the frame is axial, with a table below it too`() {
    #expect(SlicePlane(picture(0.2...0.7, 0.1...0.9)) == .axial)
    #expect(SlicePlane(picture(0.2...0.7, 0.1...0.9, line: 0.98)) == .axial)
    #expect(SlicePlane(picture(0.1...0.9, 0.0...0.95)) == .axial, "one side may be cut off")
  }

  @Test func `a tall body is coronal, cut off or not`() {
    #expect(SlicePlane(picture(0.0...1.0, 0.3...0.7)) == .coronal)
    #expect(SlicePlane(picture(0.05...0.9, 0.3...0.7)) == .coronal)
  }

  @Test func `what is neither is unknown`() {
    #expect(SlicePlane(picture(0.2...0.6, 0.0...1.0)) == .unknown, "a lying sagittal slice")
    #expect(SlicePlane(picture(0.2...0.7, 0.25...0.75)) == .unknown, "as wide as tall")
    #expect(SlicePlane(picture(0.0...0.5, 0.1...0.9)) == .unknown, "cut off above")
    #expect(SlicePlane(picture(0.0...1.0, 0.0...1.0)) == .unknown)
    #expect(SlicePlane(Picture(width: 9, height: 9, channels: 1, pixels: [UInt8](repeating: 0, count: 81))) == .unknown)
  }

  /// Slices whose plane was told by eye.
  private static let seen: [SlicePlane: [String]] = [
    .axial: [
      "four-class/Cyst/Cyst- (5)", "four-class/Cyst/Cyst- (131)", "four-class/Cyst/Cyst- (302)",
      "four-class/Normal/Normal- (88)", "four-class/Normal/Normal- (281)", "four-class/Stone/Stone- (11)",
      "four-class/Stone/Stone- (214)", "four-class/Tumor/Tumor- (79)", "four-class/Tumor/Tumor- (169)",
      "two-class/Normal/Normal- (728)", "two-class/Normal/Normal- (818)",
    ],
    .coronal: [
      "four-class/Cyst/Cyst- (1)", "four-class/Cyst/Cyst- (190)", "four-class/Cyst/Cyst- (320)",
      "four-class/Normal/Normal- (187)", "four-class/Stone/Stone- (83)", "four-class/Stone/Stone- (187)",
      "four-class/Tumor/Tumor- (200)", "four-class/Tumor/Tumor- (268)", "two-class/Normal/Normal- (678)",
      "two-class/Tumor/Tumor- (729)", "two-class/Tumor/Tumor- (797)",
    ],
    .unknown: [
      "four-class/Stone/Stone- (245)", "four-class/Stone/Stone- (250)", "four-class/Stone/Stone- (254)",
      "two-class/Tumor/Tumor- (982)",
    ],
  ]

  @Test(.enabled(if: RealSlices.fourClass != nil && RealSlices.twoClass != nil, "\(RealSlices.absent)"))
  func `real slices have the plane that a person sees`() throws {
    let folder = try #require(RealSlices.folder)
    for (plane, names) in Self.seen {
      for name in names {
        let picture = try PictureReader.read(folder.appending(path: "kidney-ct-\(name).jpg")).picture
        #expect(SlicePlane(picture) == plane, "\(name)")
      }
    }
  }
}
