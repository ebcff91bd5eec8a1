import RandomStreams

/// Everything inside one patient, as a function of the place: slices in any plane cut the same body.
struct Anatomy: Sendable {
  let torso: Torso
  let spine: Spine
  let cage: RibCage
  let pelvis: Pelvis
  let organs: Organs
  let bowel: Bowel
  let muscles: BackMuscles
  /// The left one, then the right one.
  let kidneys: [Kidney]
  let vessels: Vessels
  let densities: TissueDensities
  let lesions: [Lesion]
  let distortion: Distortion

  /// - Parameter finding: adds to the body and changes nothing else in it: the same patient with another finding is the
  ///   same but for that.
  init(seed: UInt64, patient: Int, finding: SyntheticFinding) {
    func stream(_ part: String) -> RandomStream { RandomStream(seed: seed, patient: patient, part: part) }
    var torsoStream = stream("torso")
    torso = Torso(from: &torsoStream)
    var distortionStream = stream("distortion")
    distortion = Distortion(from: &distortionStream)
    var spineStream = stream("spine")
    spine = Spine(torso: torso, from: &spineStream)
    var cageStream = stream("rib cage")
    cage = RibCage(torso: torso, from: &cageStream)
    var pelvisStream = stream("pelvis")
    pelvis = Pelvis(torso: torso, spine: spine, from: &pelvisStream)
    var organStream = stream("organs")
    organs = Organs(torso: torso, cage: cage, spine: spine, from: &organStream)
    var bowelStream = stream("bowel")
    bowel = Bowel(torso: torso, spine: spine, from: &bowelStream)
    var muscleStream = stream("muscles")
    muscles = BackMuscles(torso: torso, spine: spine, from: &muscleStream)
    var kidneyStream = stream("kidneys")
    kidneys = [
      Kidney(side: 1, torso: torso, spine: spine, from: &kidneyStream),
      Kidney(side: -1, torso: torso, spine: spine, from: &kidneyStream),
    ]
    var vesselStream = stream("vessels")
    vessels = Vessels(torso: torso, spine: spine, kidneys: kidneys, from: &vesselStream)
    var densityStream = stream("densities")
    densities = TissueDensities(from: &densityStream)
    var findingStream = stream("finding")
    let kidney = kidneys[findingStream.index(below: 2)]
    switch finding {
    case .normal:
      lesions = []
    case .tumor:
      lesions = [Lesion.tumor(in: kidney, spine: spine, densities: densities, from: &findingStream)]
    case .cyst:
      lesions = [Lesion.cyst(in: kidney, spine: spine, from: &findingStream)]
    case .stone:
      lesions = Lesion.stones(in: kidney, spine: spine, from: &findingStream)
    }
  }

  /// Paints the body, later organs over earlier ones.
  func draw(on raster: inout SliceRaster) {
    torso.draw(on: &raster, densities: densities)
    cage.drawChest(on: &raster, torso: torso, densities: densities)
    organs.draw(on: &raster, torso: torso, cage: cage, densities: densities)
    bowel.draw(on: &raster, densities: densities)
    for kidney in kidneys { kidney.drawFat(on: &raster, densities: densities) }
    for lesion in lesions { lesion.drawFat(on: &raster, densities: densities) }
    muscles.draw(on: &raster, densities: densities)
    spine.draw(on: &raster, densities: densities)
    cage.drawRibs(on: &raster, torso: torso)
    pelvis.draw(on: &raster, densities: densities)
    for kidney in kidneys { kidney.draw(on: &raster, densities: densities) }
    vessels.draw(on: &raster, densities: densities)
    for lesion in lesions { lesion.draw(on: &raster) }
  }

  /// A part of what slices of this patient should show.
  enum Target {
    case lesion(Lesion)
    case kidney(Kidney)

    var box: BodyBox {
      switch self {
      case .lesion(let lesion): lesion.box.grown(by: Distortion.reach)
      case .kidney(let kidney): kidney.box.grown(by: Distortion.reach)
      }
    }
  }

  /// The lesions, or without one the kidneys.
  var targets: [Target] { lesions.isEmpty ? kidneys.map(Target.kidney) : lesions.map(Target.lesion) }

  func contains(_ place: BodyPoint, in target: Target) -> Bool {
    let inside = distortion(place)
    switch target {
    case .kidney(let kidney): return kidney.shape.distance(inside) < 0
    case .lesion(let lesion): return lesion.distance(BodySite(place: inside, depth: torso.depth(inside))) < 0
    }
  }

  /// An empty slice.
  func raster(_ grid: SliceGrid, filledWith value: Float) -> SliceRaster {
    SliceRaster(grid: grid, filledWith: value, torso: torso, distortion: distortion)
  }
}
