"""What the steps are run with for a camera in a car; `bootstrap` passes these on.

Sources and measurements: docs/footage.md.
"""

from zoubian.pipeline.footage.association import AssociationLimits
from zoubian.pipeline.footage.camera import CalibrationLimits
from zoubian.pipeline.footage.clock_offset import OffsetLimits
from zoubian.pipeline.footage.comparison import ComparisonLimits
from zoubian.pipeline.footage.coverage import CoverageLimits
from zoubian.pipeline.footage.models import CameraProfile
from zoubian.pipeline.footage.motion import TravelLimits
from zoubian.pipeline.footage.rays import RayLimits
from zoubian.pipeline.footage.sampling import SamplingLimits
from zoubian.pipeline.footage.sightings import JudgeLimits, SightingLimits
from zoubian.pipeline.footage.spots import SpotLimits
from zoubian.pipeline.footage.standing import StandingLimits
from zoubian.pipeline.footage.track import TrackLimits

# What stands in a car is a phone (26 mm equivalent: 69 degrees across, less when it steadies) or a
# dash camera (data sheets tell 120 to 140 degrees over the diagonal, some 85 to 105 across once
# straightened). Whoever knows better says so; `calibrate` and `refine` narrow the rest.
CAR_CAMERA = CameraProfile(
    height_m=1.4,
    height_sd_m=0.2,
    pitch_deg=-2.0,
    pitch_sd_deg=2.5,
    yaw_deg=0.0,
    yaw_sd_deg=5.0,
    hfov_deg=80.0,
    hfov_sd_deg=12.0,
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
    standing=StandingLimits(
        near_m=8.0,
        extent_m=12.0,
        own_error_share=0.5,
        stretch_gap_m=25.0,
        stretch_extent_m=100.0,
        pass_gap_m=60.0,
        pass_error_share=0.4,
    ),
    unplaced_gap_s=1.5,
    best_frames=3,
    best_apart_s=0.5,
    sightings=SightingLimits(
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
            gate=9.2,
            reach_m=15.0,
            place_sd_m=0.4,
            drift_m_per_sqrt_s=0.7,
            max_drift_m=1.5,
            pass_gap_m=60.0,
        ),
        judge=JudgeLimits(same_object_iou=0.6, least_looks=4, near_share=0.5, missed_weight=0.25),
    ),
)
CALIBRATION_LIMITS = CalibrationLimits(
    least_pairs=5,
    max_turn_deg=2.0,
    least_sd_deg=0.4,
    least_objects=4,
    least_way_m=8.0,
    least_looks=5,
    scale_sd=0.2,
)
TRAVEL_LIMITS = TravelLimits(
    corners=200,
    quality=0.01,
    spacing_px=6.0,
    round_trip_px=1.0,
    inlier_px=0.7,
    least_inliers=25,
    still_px=0.25,
)
SAMPLING_LIMITS = SamplingLimits(
    step_m=2.0, dense_step_m=1.0, step_s=0.4, dense_step_s=0.2, least_change=1.5
)
COVERAGE_LIMITS = CoverageLimits(max_gap_m=12.0, max_gap_s=30.0, step_m=10.0)
COMPARISON_LIMITS = ComparisonLimits(near_m=8.0, error_share=0.5, least_likeness=0.6)
OFFSET_LIMITS = OffsetLimits(
    reach_s=5.0,
    step_s=0.1,
    alike_s=2.0,
    full_speed_mps=2.0,
    full_change=4.0,
    least_turn_deg=60.0,
    greatest_sd_s=0.4,
)
