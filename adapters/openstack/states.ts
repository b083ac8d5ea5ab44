/** Native states as OCCI's: total tables of what Nova, Cinder and Neutron document. */
