"""Line magics that configure, search and open panels."""
