import Inference
import MedicalImages
import Testing

@Suite struct EvidenceMapTests {
  @Test func `what speaks against a class is cut off and the rest is a share of the largest`() {
    let map = EvidenceMap(height: 1, width: 4, evidence: [-3, 0, 1, 4])
    #expect(map.values == [0, 0, 0.25, 1])
    #expect(map.strength == 4)
    #expect(map.peak == .init(row: 0, column: 3))
  }

  @Test func `a map without evidence has no peak`() {
    let map = EvidenceMap(height: 2, width: 1, evidence: [-1, 0])
    #expect(map.values == [0, 0] && map.strength == 0 && map.peak == nil)
  }

  @Test func `resizing is linear between the middles of the places`() {
    let map = EvidenceMap(height: 1, width: 2, evidence: [0, 1])
    #expect(map.resized(height: 2, width: 4).values == [0, 0.25, 0.75, 1, 0, 0.25, 0.75, 1])
    #expect(map.resized(height: 1, width: 2) == map)
    #expect(map.resized(height: 1, width: 1).values == [0.5])
  }

  @Test func `a pixel without evidence stays as it is, the peak takes the map's colour`() {
    let picture = Picture(width: 2, height: 1, channels: 1, pixels: [100, 100])
    let map = EvidenceMap(height: 1, width: 2, evidence: [0, 2])
    #expect(EvidenceOverlay.draw(map, over: picture, opacity: 1).pixels == [100, 100, 100, 255, 233, 69])
    #expect(EvidenceOverlay.draw(map, over: picture, opacity: 0) == picture.rgb())
    #expect(EvidenceOverlay.draw(map, over: picture, opacity: 0.5).pixels == [100, 100, 100, 178, 167, 85])
  }

  @Test func `the colours rise in lightness from end to end`() {
    let lightness = (0...100).map { step in
      let color = EvidenceOverlay.color(Float(step) / 100)
      return 0.2126 * Double(color.red) + 0.7152 * Double(color.green) + 0.0722 * Double(color.blue)
    }
    #expect(zip(lightness, lightness.dropFirst()).allSatisfy { $0 <= $1 + 0.5 })
    #expect(lightness[100] > lightness[0] + 150)
  }
}
