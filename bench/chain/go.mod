module contractbuilder/bench/chain

go 1.24
