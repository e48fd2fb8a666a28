"""What the steps are run with for a camera in a car; `bootstrap` passes these on.

Sources and measurements: docs/footage.md.
"""

from zoubian.pipeline.footage.association import AssociationLimits
from zoubian.pipeline.footage.models import CameraProfile
from zoubian.pipeline.footage.rays import RayLimits
from zoubian.pipeline.footage.sightings import JudgeLimits
from zoubian.pipeline.footage.spots import SpotLimits
from zoubian.pipeline.footage.track import TrackLimits

# Behind a windscreen; dash cameras' data sheets tell 120 to 140 degrees over the diagonal, which
# is 100 to 120 across, with barrel distortion that leaves about 80 to 100 in the usual crop.
DASH_CAMERA = CameraProfile(
    height_m=1.4,
    height_sd_m=0.2,
    pitch_deg=-2.0,
    pitch_sd_deg=2.5,
    yaw_deg=0.0,
    yaw_sd_deg=4.0,
    hfov_deg=88.0,
    hfov_sd_deg=10.0,
)
# A phone's main camera is about 26 mm equivalent: 69 degrees across, filmed with some crop.
PHONE = CameraProfile(
    height_m=1.4,
    height_sd_m=0.25,
    pitch_deg=-2.0,
    pitch_sd_deg=4.0,
    yaw_deg=0.0,
    yaw_sd_deg=8.0,
    hfov_deg=66.0,
    hfov_sd_deg=5.0,
)

TRACK_LIMITS = TrackLimits(
    acceleration=0.3,
    bias_s=40.0,
    white_share=0.04,
    max_gap_s=12.0,
    hold_s=2.0,
    moving_mps=0.8,
    clock_sd_s=0.3,
)
SPOT_LIMITS = SpotLimits(
    near_m=8.0,
    extent_m=12.0,
    stretch_gap_m=25.0,
    stretch_extent_m=100.0,
    unplaced_gap_s=1.5,
    best_frames=3,
    best_apart_s=0.5,
    rays=RayLimits(
        max_range_m=35.0,
        edge_sd_share=0.004,
        centre_sd_share=0.15,
        heading_sd_deg=1.5,
        shake_sd_deg=0.6,
        ground_sd_m=0.12,
        place_sd_m=0.3,
    ),
    association=AssociationLimits(
        gate=9.2, reach_m=15.0, place_sd_m=0.4, drift_m_per_sqrt_s=0.7, max_drift_m=1.5
    ),
    judge=JudgeLimits(same_object_iou=0.6, least_looks=3, near_share=0.5),
)
