# Read by ctest: what every test of the tsan build is started with.
set(ENV{TSAN_OPTIONS} "suppressions=${CMAKE_CURRENT_LIST_DIR}/tsan.supp")
