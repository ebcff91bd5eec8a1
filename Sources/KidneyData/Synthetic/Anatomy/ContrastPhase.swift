import RandomStreams

/// When the slices are taken, after the contrast medium was given.
public enum ContrastPhase: String, Codable, Sendable, CaseIterable {
  /// No contrast medium.
  case plain
  /// About half a minute after: bright arteries, kidney cortex brighter than its medulla.
  case arterial
  /// About a minute and a half after: bright veins, kidneys evenly bright.
  case portal
}

/// The densities of a patient's tissues, in HU. Sources: the ranges of radiology textbooks.
struct TissueDensities: Sendable {
  let phase: ContrastPhase
  let fat: Float
  let skin: Float = 20
  let muscle: Float
  let liver: Float
  let liverVessel: Float
  let spleen: Float
  let pancreas: Float
  let bowelWall: Float
  let bowelContent: Float
  let bile: Float
  let artery: Float
  let vein: Float
  let renalVein: Float
  let cortex: Float
  let medulla: Float
  let urine: Float
  /// A tumour's mean, and how far its parts stray from it.
  let tumor: Float
  let tumorSpread: Float
  let lung: Float = -860

  static let air: Float = -1000

  init(from stream: inout RandomStream) {
    let draw = stream.uniform()
    phase = draw < 0.22 ? .plain : draw < 0.64 ? .arterial : .portal
    fat = stream.around(-104, 4)
    bile = stream.around(9, 4)
    urine = stream.around(6, 3)
    bowelContent = stream.around(32, 8)
    let fattyLiver = stream.chance(0.15) ? stream.between(10, 25) : 0
    switch phase {
    case .plain:
      muscle = stream.around(54, 3)
      liver = stream.around(60, 4) - fattyLiver
      liverVessel = stream.around(42, 2)
      spleen = stream.around(50, 3)
      pancreas = stream.around(42, 3)
      bowelWall = stream.around(42, 3)
      artery = stream.around(43, 3)
      vein = artery - 1
      renalVein = vein
      cortex = stream.around(34, 2)
      medulla = cortex - 2
      tumor = stream.around(39, 4)
      tumorSpread = stream.between(15, 25)
    case .arterial:
      muscle = stream.around(60, 3)
      liver = stream.around(72, 5) - fattyLiver
      liverVessel = liver + stream.between(8, 25)
      spleen = stream.around(118, 10)
      pancreas = stream.around(95, 8)
      bowelWall = stream.around(78, 8)
      artery = stream.around(300, 35)
      vein = stream.around(95, 12)
      renalVein = stream.around(165, 15)
      cortex = stream.around(185, 18)
      medulla = stream.around(88, 10)
      tumor = stream.around(105, 12)
      tumorSpread = stream.between(65, 100)
    case .portal:
      muscle = stream.around(64, 3)
      liver = stream.around(108, 7) - fattyLiver
      liverVessel = liver + stream.between(25, 45)
      spleen = stream.around(122, 7)
      pancreas = stream.around(92, 7)
      bowelWall = stream.around(85, 7)
      artery = stream.around(165, 12)
      vein = stream.around(158, 12)
      renalVein = stream.around(168, 12)
      cortex = stream.around(180, 12)
      medulla = cortex - stream.between(4, 16)
      tumor = stream.around(92, 10)
      tumorSpread = stream.between(38, 58)
    }
  }
}
