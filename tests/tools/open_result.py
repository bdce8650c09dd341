"""Opens the sample result in xarray, netCDF4 and h5py, whichever are installed; status 77 when none is.

The numbers that are expected can be told from where they stand, see tests/support/sample_result.h."""

import importlib.util
import math
import sys


def with_xarray(path, engine):
    import xarray

    with xarray.open_dataset(path, engine=engine) as root:
        assert dict(root.sizes) == {"policy": 3, "replication": 2, "site": 2, "demand": 3, "model": 2, "ttft_bin": 210}, root.sizes
        assert root.attrs["title"] == "two-sites"
        carbon = root["carbon_kgco2"]
        assert carbon.dims == ("policy", "replication")
        assert carbon.attrs["units"] == "kgCO2" and carbon.attrs["better"] == "low"
        assert float(carbon.sel(policy="slït, \"quoted\"", replication=1)) == 1100
        assert math.isnan(float(carbon.sel(policy="lp-carbon", replication=1)))
        assert root["site_idle_kwh"].sel(site="virginia").values[1, 0] == 1010.01
        assert root["demand_arrived"].sel(demand="code").values[0, 0] == 14
        assert str(root["scenario_yaml"].values).startswith("geowatt: 1")
    with xarray.open_dataset(path, group="timeline", engine=engine) as timeline:
        assert str(timeline["time"].values[1])[:19] == "2023-06-01T00:15:00"
        row = timeline["import_kwh"].values[0, 0, 1]
        assert row[3] == 10 + 9 / 100 + 3 / 10000 and math.isnan(row[4]), row


def with_netcdf4(path):
    import netCDF4

    with netCDF4.Dataset(path) as root:
        assert root["timeline"]["import_kwh"].dimensions == ("policy", "replication", "site", "time")
        assert list(root["site"][:]) == ["oregon", "virginia"]
        assert root["carbon_kgco2"][:].mask.sum() == 1


def with_h5py(path):
    import h5py

    with h5py.File(path) as root:
        carbon = root["carbon_kgco2"]
        assert carbon[1, 1] == 1100 and math.isnan(carbon[2, 1])
        assert carbon.dims[0][0].asstr()[0] == "nearest"
        assert root["inputs/bytes_0"][:].tobytes() == b"time_utc,ci\n\0\xff binary \x1a tail"
        assert root.attrs["seed"] == 2**64 - 42


def installed(*modules):
    return all(importlib.util.find_spec(module) for module in modules)


path = sys.argv[1]
programs = [
    ("xarray with netCDF4", lambda: with_xarray(path, "netcdf4"), ("xarray", "netCDF4")),
    ("xarray with h5netcdf", lambda: with_xarray(path, "h5netcdf"), ("xarray", "h5netcdf")),
    ("netCDF4", lambda: with_netcdf4(path), ("netCDF4",)),
    ("h5py", lambda: with_h5py(path), ("h5py",)),
]
opened = 0
for name, program, modules in programs:
    if installed(*modules):
        program()
        opened += 1
        print(f"{name}: opened")
    else:
        print(f"{name}: not installed")
sys.exit(0 if opened else 77)
